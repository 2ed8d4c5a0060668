// Whether the folders of a window hold SpecQL: its findings are shown before a file of it is opened.

import { Uri, workspace } from 'vscode';

import { isEntityFile, LOOKED_AT } from './entityFile.ts';

/** Folders with more YAML than this are looked through in part; a document of SpecQL starts the server anyway. */
const MOST_FILES = 400;
const NAMED = '**/{specql.config.yaml,specql.config.yml,*.specql.yaml,*.specql.yml,*.specql}';

export async function holdsSpecql(): Promise<boolean> {
  // The server reads files of the disk.
  if (!workspace.workspaceFolders?.some(({ uri }) => uri.scheme === 'file')) {
    return false;
  }
  if ((await workspace.findFiles(NAMED, undefined, 1)).length > 0) {
    return true;
  }
  for (const file of await workspace.findFiles('**/*.{yaml,yml}', '**/node_modules/**', MOST_FILES)) {
    if (await declaresEntity(file)) {
      return true;
    }
  }
  return false;
}

async function declaresEntity(file: Uri): Promise<boolean> {
  try {
    const bytes = await workspace.fs.readFile(file);
    return isEntityFile(new TextDecoder().decode(bytes.subarray(0, LOOKED_AT)));
  } catch {
    // It has gone meanwhile, or may not be read.
    return false;
  }
}
