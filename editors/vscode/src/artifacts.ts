// What can be done with artifacts: choose one of a place, copy it, save it, compare it with HEAD.

import {
  commands,
  env,
  type QuickPickItem,
  QuickPickItemKind,
  type TextEditor,
  type TextDocumentContentProvider,
  Uri,
  window,
  workspace,
} from 'vscode';

import { isRead, LANGUAGE_ID } from './documents.ts';
import { type PreviewDocuments, previewEditor } from './preview.ts';
import { fileName, named } from './previewUri.ts';
import type { ArtifactChoice, DiffResult, PreviewParams } from './protocol.ts';
import type { Server } from './server.ts';

/** The scheme of documents that show an artifact as the last commit has it. */
export const HEAD_SCHEME = 'specql-head';

const SCOPES = { action: 'Of this action', entity: 'Of this entity', workspace: 'Of the workspace' };

interface Choice extends QuickPickItem {
  readonly artifact?: string;
}

/** Lets the user choose among all artifacts that the place of the cursor has. */
export async function chooseArtifact(server: Server, previews: PreviewDocuments): Promise<void> {
  const place = placeOfCursor();
  const choices = await server.request<ArtifactChoice[] | null>('specql/artifacts', place);
  if (!choices || choices.length === 0) {
    throw new Error('there is no artifact for this place: the file declares no entity');
  }
  const chosen = await window.showQuickPick(items(choices), {
    title: 'SpecQL: Show Artifact',
    placeHolder: 'What is generated from the place of the cursor',
    matchOnDescription: true,
  });
  if (chosen?.artifact !== undefined) {
    await previews.open({ ...place, artifact: chosen.artifact });
  }
}

function items(choices: readonly ArtifactChoice[]): Choice[] {
  return (['action', 'entity', 'workspace'] as const).flatMap((scope) => {
    const of = choices.filter((it) => it.scope === scope);
    const heading: Choice = { label: SCOPES[scope], kind: QuickPickItemKind.Separator };
    return of.length === 0
      ? []
      : [heading, ...of.map(({ artifact, summary }): Choice => ({ label: artifact, description: summary, artifact }))];
  });
}

/** The place of the cursor in a SpecQL file; in a preview, what that was asked for. */
export function placeOfCursor(): PreviewParams {
  const editor = window.activeTextEditor;
  const shown = editor && named(editor.document.uri);
  if (shown) {
    const { uri, action, position } = shown.params;
    return { uri, ...(action === undefined ? {} : { action }), ...(position === undefined ? {} : { position }) };
  }
  if (editor?.document.languageId !== LANGUAGE_ID) {
    throw new Error('open a SpecQL file, and put the cursor where you want to look');
  }
  if (!isRead(editor.document.uri)) {
    throw new Error('this file is on no disk, and the server reads files of a disk: save a copy in a folder to see more');
  }
  return { uri: editor.document.uri.toString(), position: placeIn(editor) };
}

/** The place of the cursor; in the blanks and dashes that a line begins with, what stands behind them. */
export function placeIn({ document, selection }: TextEditor): { line: number; character: number } {
  const { line, character } = selection.active;
  const content = /^[\s-]*/.exec(document.lineAt(line).text)?.[0].length ?? 0;
  return { line, character: Math.max(character, content) };
}

/** The preview that is meant, else that of the place of the cursor. */
async function meant(previews: PreviewDocuments): Promise<{ uri: Uri; text: string }> {
  const editor = previewEditor();
  if (editor) {
    return { uri: editor.document.uri, text: editor.document.getText() };
  }
  const { uri, text } = await previews.ask(placeOfCursor());
  return { uri: Uri.parse(uri), text };
}

function nameOf(uri: Uri) {
  const name = named(uri);
  if (!name) {
    throw new Error('this document is no preview of the server that runs');
  }
  return name;
}

export async function copyArtifact(previews: PreviewDocuments): Promise<void> {
  const { uri, text } = await meant(previews);
  await env.clipboard.writeText(text);
  void window.setStatusBarMessage(`SpecQL: ${nameOf(uri).title} copied`, 3000);
}

export async function saveArtifact(previews: PreviewDocuments): Promise<void> {
  const { uri, text } = await meant(previews);
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const name = fileName(nameOf(uri));
  const target = await window.showSaveDialog({
    title: 'Save the Artifact',
    defaultUri: folder ? Uri.joinPath(folder, name) : Uri.file(name),
  });
  if (target) {
    await workspace.fs.writeFile(target, new TextEncoder().encode(text));
  }
}

/** Opens the difference between the artifact of the last commit and the one of now, which stays live. */
export async function compareWithHead(previews: PreviewDocuments, server: Server): Promise<void> {
  const { uri } = await meant(previews);
  const name = nameOf(uri);
  // Asked for at once, so that a reason for having nothing is told and not shown as an empty page.
  await ofHead(server, uri);
  await commands.executeCommand(
    'vscode.diff',
    uri.with({ scheme: HEAD_SCHEME }),
    uri,
    `${name.title} (HEAD ↔ now)`,
    { preview: true },
  );
}

export class HeadDocuments implements TextDocumentContentProvider {
  private readonly server: Server;

  constructor(server: Server) {
    this.server = server;
  }

  provideTextDocumentContent(uri: Uri): Promise<string> {
    return ofHead(this.server, uri);
  }
}

async function ofHead(server: Server, uri: Uri): Promise<string> {
  const { title, params } = nameOf(uri);
  const compared = await server.request<DiffResult | null>('specql/diff', { ...params, from: 'HEAD', to: 'buffer' });
  const text = compared?.from.text;
  if (typeof text !== 'string') {
    throw new Error(`nothing to compare with in HEAD: \`${title}\` is new since then`);
  }
  return text;
}
