// Where a place of a document is after an edit.

import type { Position } from 'vscode-languageclient/node';

export interface Change {
  readonly range: { readonly start: Position; readonly end: Position };
  readonly text: string;
}

/** The place after the change; the beginning of the change where that covers the place. */
export function shifted(place: Position, { range: { start, end }, text }: Change): Position {
  if (isBefore(place, start)) {
    return place;
  }
  if (isBefore(place, end)) {
    return { line: start.line, character: start.character };
  }
  const lines = text.split('\n');
  const line = place.line + lines.length - 1 - (end.line - start.line);
  if (place.line !== end.line) {
    return { line, character: place.character };
  }
  const before = (lines.length === 1 ? start.character : 0) + (lines.at(-1)?.length ?? 0);
  return { line, character: before + place.character - end.character };
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}
