// The commands. The one that code lenses carry has no entry in the palette.

import { commands, type Disposable, window } from 'vscode';

import type { PreviewDocuments } from './preview.ts';
import { isPreviewParams, PREVIEW_COMMAND } from './protocol.ts';
import type { Server } from './server.ts';

export function registerCommands(server: Server, previews: PreviewDocuments): Disposable[] {
  return [
    commands.registerCommand(PREVIEW_COMMAND, async (params: unknown) => {
      if (isPreviewParams(params)) {
        await previews.open(params);
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
