// Notices SpecQL documents: gives entity files with a plain `.yaml` name the language SpecQL,
// and starts the server with the first document that it has something to say about.

import { type Disposable, languages, type TextDocument, type Uri, workspace } from 'vscode';

import { isConfigFile, isEntityFile } from './entityFile.ts';
import type { Server } from './server.ts';

export const LANGUAGE_ID = 'specql';

export function watchDocuments(server: Server): Disposable[] {
  const look = (document: TextDocument): void => void noticeDocument(document, server);
  workspace.textDocuments.forEach(look);
  return [
    workspace.onDidOpenTextDocument(look),
    // A new file becomes SpecQL when its author has written the key and saved it.
    workspace.onDidSaveTextDocument(look),
  ];
}

/** The server reads files of the disk; elsewhere there are colours and snippets. */
export function isRead({ scheme }: Uri): boolean {
  return scheme === 'file' || scheme === 'untitled';
}

async function noticeDocument(document: TextDocument, server: Server): Promise<void> {
  if (document.languageId === LANGUAGE_ID || isConfigFile(document.uri.path)) {
    if (isRead(document.uri)) {
      await server.start();
    }
    return;
  }
  if (document.languageId !== 'yaml' || !isEntityFile(document.getText())) {
    return;
  }
  if (workspace.getConfiguration('specql', document).get('detectEntityFiles', true)) {
    // Opens the document anew, which brings it back here: so the server sees it in one language only.
    await languages.setTextDocumentLanguage(document, LANGUAGE_ID);
  } else if (isRead(document.uri)) {
    await server.start();
  }
}
