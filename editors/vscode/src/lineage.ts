// The lineage of a field as a picture: what sets it, what reads it, and what carries its value on.

import { type Disposable, type ExtensionContext, window, workspace } from 'vscode';

import { placeOfCursor } from './artifacts.ts';
import { LANGUAGE_ID } from './documents.ts';
import type { CursorFollower } from './follow.ts';
import { lineageGraph } from './lineageGraph.ts';
import { Picture } from './picture.ts';
import type { LineageResult, PlaceParams } from './protocol.ts';
import type { Server } from './server.ts';
import { shifted } from './shifted.ts';

const REST = 400; // milliseconds without an edit before the picture is drawn again

export class LineagePicture implements Disposable {
  private readonly server: Server;
  private readonly follower: CursorFollower;
  private readonly picture: Picture;
  private readonly registrations: Disposable[];
  private timer: NodeJS.Timeout | undefined;
  /** Where the field that is shown stands. */
  private shown: PlaceParams | undefined;

  constructor(context: ExtensionContext, server: Server, follower: CursorFollower) {
    this.server = server;
    this.follower = follower;
    this.picture = new Picture(context, server, 'specql.lineage');
    this.registrations = [
      this.picture,
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (document.languageId !== LANGUAGE_ID) return;
        if (this.shown?.uri === document.uri.toString()) {
          this.shown = { uri: this.shown.uri, position: contentChanges.reduce(shifted, this.shown.position) };
        }
        this.refreshSoon();
      }),
    ];
  }

  async show(): Promise<void> {
    const found = await this.ofCursor();
    if (!found) {
      throw new Error('the lineage is that of a field: put the cursor on one, where it is declared or used');
    }
    this.shown = found.place;
    this.follower.forget();
    await this.picture.show(lineageGraph(found.lineage));
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.registrations.forEach((it) => it.dispose());
  }

  /** Of the field at the cursor, else of the one that its line begins with. */
  private async ofCursor(): Promise<{ place: PlaceParams; lineage: LineageResult } | undefined> {
    const { uri, position } = placeOfCursor();
    const editor = window.activeTextEditor;
    if (!position || !editor) {
      return undefined;
    }
    const begin = /^[\s-]*/.exec(editor.document.lineAt(position.line).text)?.[0].length ?? 0;
    for (const character of new Set([position.character, begin])) {
      const place = { uri, position: { line: position.line, character } };
      const lineage = await this.ask(place);
      if (lineage) {
        return { place, lineage };
      }
    }
    return undefined;
  }

  private ask(place: PlaceParams): Promise<LineageResult | null> {
    return this.server.request<LineageResult | null>('specql/lineage', place);
  }

  private refreshSoon(): void {
    clearTimeout(this.timer);
    if (this.picture.isOpen) {
      this.timer = setTimeout(() => void this.refresh().catch((error: unknown) => this.server.log(error)), REST);
    }
  }

  /** A field that is gone, or half typed, leaves the picture as it was. */
  private async refresh(): Promise<void> {
    const lineage = this.shown && (await this.ask(this.shown));
    if (lineage) {
      await this.picture.draw(lineageGraph(lineage));
    }
  }
}
