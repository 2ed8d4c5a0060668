// Entry point: wires the parts together. The server starts when the workspace has SpecQL in it, or with
// the first SpecQL document, because the extension is also activated by YAML that has nothing to do with it.

import { type ExtensionContext, workspace } from 'vscode';

import { registerCommands } from './commands.ts';
import { watchDocuments } from './documents.ts';
import { EventFlow } from './flow.ts';
import { CursorFollower } from './follow.ts';
import { LineagePicture } from './lineage.ts';
import { PreviewDocuments } from './preview.ts';
import { tellFailure } from './problems.ts';
import { Server } from './server.ts';
import { showStatus } from './status.ts';
import { OutlineTree } from './tree.ts';
import { holdsSpecql } from './workspaceScan.ts';

export function activate(context: ExtensionContext): void {
  const server = new Server(context);
  const previews = new PreviewDocuments(server);
  const tree = new OutlineTree(server);
  const follower = new CursorFollower(server, previews);
  const flow = new EventFlow(context, { server, previews, tree, follower });
  const lineage = new LineagePicture(context, server, follower);
  context.subscriptions.push(
    server,
    previews,
    tree,
    flow,
    lineage,
    follower,
    ...showStatus(server),
    server.onDidChangeHealth((health) => {
      if (health.state === 'failed') void tellFailure(server, health.problem);
    }),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('specql.server.path') && server.health.state !== 'stopped') {
        void server.restart();
      }
    }),
    ...registerCommands({ server, previews, tree, flow, lineage, follower }),
    ...watchDocuments(server),
  );
  void holdsSpecql().then((holds) => (holds ? server.start() : undefined));
}
