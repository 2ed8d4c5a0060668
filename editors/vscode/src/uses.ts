// The uses that a lens counts, in the list that the editor has for references.

import { commands, Location, Position, Range, Uri } from 'vscode';

import type { UseItem, UsesParams } from './protocol.ts';
import type { Server } from './server.ts';

export async function showUses(server: Server, params: UsesParams): Promise<void> {
  const found = (await server.request<UseItem[] | null>('specql/references', params)) ?? [];
  const uses = found.filter(({ access }) => access !== 'declaration');
  const { line, character } = params.position;
  await commands.executeCommand(
    'editor.action.showReferences',
    Uri.parse(params.uri),
    new Position(line, character),
    uses.map(({ uri, range: { start, end } }) => {
      return new Location(Uri.parse(uri), new Range(start.line, start.character, end.line, end.character));
    }),
  );
}
