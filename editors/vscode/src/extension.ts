// Entry point: wires the parts together. The server starts with the first SpecQL document, not before,
// because the extension is also activated by YAML that has nothing to do with SpecQL.

import type { ExtensionContext } from 'vscode';

import { registerCommands } from './commands.ts';
import { watchDocuments } from './documents.ts';
import { PreviewDocuments } from './preview.ts';
import { Server } from './server.ts';

export function activate(context: ExtensionContext): void {
  const server = new Server(context);
  const previews = new PreviewDocuments(server);
  context.subscriptions.push(
    server,
    previews,
    ...registerCommands(server, previews),
    ...watchDocuments(server),
  );
}
