// The commands. `specql.preview` is what the server's code lenses carry; it has no entry in the palette.

import { commands, type Disposable, window } from 'vscode';

import type { PreviewDocuments } from './preview.ts';
import { isTarget } from './previewTarget.ts';
import type { Server } from './server.ts';

export function registerCommands(server: Server, previews: PreviewDocuments): Disposable[] {
  return [
    commands.registerCommand('specql.preview', async (target: unknown) => {
      if (isTarget(target)) {
        await previews.open(target);
      }
    }),
    commands.registerTextEditorCommand('specql.openPreview', ({ document, selection }) => {
      const { line, character } = selection.active;
      void previews.open({ uri: document.uri.toString(), position: { line, character } });
    }),
    commands.registerCommand('specql.restartServer', async () => {
      await server.restart();
      void window.setStatusBarMessage('SpecQL: server restarted', 3000);
    }),
  ];
}
