// The commands. The ones that code lenses and the tree carry have no entry in the palette.

import { commands, type Disposable, window, workspace } from 'vscode';

import {
  chooseArtifact,
  compareWithHead,
  copyArtifact,
  HEAD_SCHEME,
  HeadDocuments,
  placeOfCursor,
  saveArtifact,
} from './artifacts.ts';
import type { EventFlow } from './flow.ts';
import type { CursorFollower } from './follow.ts';
import type { LineagePicture } from './lineage.ts';
import { newEntity } from './newEntity.ts';
import type { PreviewDocuments } from './preview.ts';
import { setServerPath, telling } from './problems.ts';
import { isPreviewParams, isUsesParams, PREVIEW_COMMAND, USES_COMMAND } from './protocol.ts';
import type { Server } from './server.ts';
import { openLocation, type OutlineTree } from './tree.ts';
import { showUses } from './uses.ts';

export interface Parts {
  readonly server: Server;
  readonly previews: PreviewDocuments;
  readonly tree: OutlineTree;
  readonly flow: EventFlow;
  readonly lineage: LineagePicture;
  readonly follower: CursorFollower;
}

export function registerCommands({ server, previews, tree, flow, lineage, follower }: Parts): Disposable[] {
  const opening = <T>(body: () => T): T => {
    follower.forget();
    return body();
  };
  const bodies: Record<string, (...given: never[]) => unknown> = {
    [PREVIEW_COMMAND]: (params: unknown) => opening(() => (isPreviewParams(params) ? previews.open(params) : undefined)),
    [USES_COMMAND]: (params: unknown) => (isUsesParams(params) ? showUses(server, params) : undefined),
    'specql.openPreview': () => opening(() => previews.open(placeOfCursor())),
    'specql.showArtifact': () => opening(() => chooseArtifact(server, previews)),
    'specql.copyArtifact': () => copyArtifact(previews),
    'specql.saveArtifact': () => saveArtifact(previews),
    'specql.compareWithHead': () => opening(() => compareWithHead(previews, server)),
    'specql.goToSource': () => follower.goToSource(),
    'specql.showEventFlow': () => opening(() => flow.show()),
    'specql.showLineage': () => opening(() => lineage.show()),
    'specql.newEntity': () => newEntity(server, tree),
    'specql.openLocation': openLocation,
    'specql.setServerPath': setServerPath,
    'specql.showLog': () => server.showLog(),
    'specql.restartServer': () => restart(server),
  };
  return [
    ...Object.entries(bodies).map(([name, body]) => commands.registerCommand(name, telling(server, body))),
    workspace.registerTextDocumentContentProvider(HEAD_SCHEME, new HeadDocuments(server)),
  ];
}

/** A server that does not come up has been told of where it failed. */
async function restart(server: Server): Promise<void> {
  await server.restart();
  if (server.health.state === 'running') {
    void window.setStatusBarMessage('SpecQL: server restarted', 3000);
  }
}
