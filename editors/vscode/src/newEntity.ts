// The command `SpecQL: New Entity`: asks for a name and a schema, and writes a first file.

import { Position, Selection, Uri, window, workspace } from 'vscode';

import { LANGUAGE_ID } from './documents.ts';
import { entityText, nameProblem, schemaProblem, snakeCase } from './entityTemplate.ts';
import type { Server } from './server.ts';
import type { OutlineTree } from './tree.ts';

export async function newEntity(server: Server, tree: OutlineTree): Promise<void> {
  const folder = await folderForNew();
  if (!folder) {
    throw new Error('open a folder first: the file of the entity has to lie somewhere');
  }
  const name = await window.showInputBox({
    title: 'SpecQL: New Entity (1/2)',
    prompt: 'Name of the entity, in PascalCase',
    placeHolder: 'OrderLine',
    validateInput: nameProblem,
  });
  if (name === undefined) {
    return;
  }
  const schema = await window.showInputBox({
    title: 'SpecQL: New Entity (2/2)',
    prompt: 'Its schema, in snake_case',
    value: await likelySchema(server, tree),
    validateInput: schemaProblem,
  });
  if (schema === undefined) {
    return;
  }
  const file = Uri.joinPath(folder, `${snakeCase(name)}.specql.yaml`);
  if (await exists(file)) {
    throw new Error(`\`${workspace.asRelativePath(file)}\` is there already`);
  }
  await workspace.fs.writeFile(file, new TextEncoder().encode(entityText({ name, schema })));
  const editor = await window.showTextDocument(file);
  const end = new Position(4, editor.document.lineAt(4).text.length);
  editor.selection = new Selection(end, end);
}

/** Where entity files lie already: beside the one that is open, else in `entities`, else in the folder. */
async function folderForNew(): Promise<Uri | undefined> {
  const active = window.activeTextEditor?.document;
  if (active?.languageId === LANGUAGE_ID && active.uri.scheme === 'file') {
    return Uri.joinPath(active.uri, '..');
  }
  const root = workspace.workspaceFolders?.[0]?.uri;
  if (!root) {
    return undefined;
  }
  const usual = Uri.joinPath(root, 'entities');
  return (await exists(usual)) ? usual : root;
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

/** The schema of the file that is open, else the first of the workspace. A server is not waited for. */
async function likelySchema(server: Server, tree: OutlineTree): Promise<string> {
  const written = /^schema:\s*([a-z]\w*)/m.exec(window.activeTextEditor?.document.getText() ?? '')?.[1];
  if (written !== undefined) {
    return written;
  }
  return server.health.state === 'running' ? ((await tree.roots())[0]?.name ?? 'app') : 'app';
}
