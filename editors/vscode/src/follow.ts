// The cursor in a file marks what its line became in the preview beside it, and the cursor in a preview
// marks where its line was written. In another action the preview shows that action. Following never takes
// the focus, and never covers or replaces what a person opened: what came to the front of the group since
// the cursor moved, a comparison, a preview whose tab is kept.

import {
  type Disposable,
  languages,
  Location,
  OverviewRulerLane,
  Range,
  type TextDocument,
  type TextEditor,
  TextEditorRevealType,
  TextEditorSelectionChangeKind,
  ThemeColor,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { Position, Range as WireRange } from 'vscode-languageclient/node';

import { placeIn } from './artifacts.ts';
import { LANGUAGE_ID } from './documents.ts';
import { followingTab, isPreview, type PreviewDocuments, previewEditor } from './preview.ts';
import { named } from './previewUri.ts';
import { PREVIEW_SCHEME, type SourceMapResult } from './protocol.ts';
import type { Server } from './server.ts';
import { openLocation } from './tree.ts';

const REST = 120; // milliseconds that the cursor stays before it is followed

export class CursorFollower implements Disposable {
  private readonly server: Server;
  private readonly previews: PreviewDocuments;
  private readonly mark = window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new ThemeColor('editor.rangeHighlightBackground'),
    overviewRulerColor: new ThemeColor('editorOverviewRuler.rangeHighlightForeground'),
    overviewRulerLane: OverviewRulerLane.Center,
  });
  private readonly registrations: Disposable[];
  private timer: NodeJS.Timeout | undefined;
  /** Counts the movements; an answer to an earlier one is late. */
  private movement = 0;

  constructor(server: Server, previews: PreviewDocuments) {
    this.server = server;
    this.previews = previews;
    this.registrations = [
      window.onDidChangeTextEditorSelection(({ textEditor, kind }) => {
        // What moves a cursor in a preview beside its reader is a new text.
        if (!isPreview(textEditor.document) || kind !== undefined) {
          this.moved(textEditor, kind === TextEditorSelectionChangeKind.Command);
        }
      }),
      // A preview that has just been opened marks its place too.
      window.onDidChangeVisibleTextEditors(() => {
        const active = window.activeTextEditor;
        if (active && !isPreview(active.document)) {
          this.moved(active, false);
        }
      }),
      languages.registerDefinitionProvider(
        { scheme: PREVIEW_SCHEME },
        { provideDefinition: (document, position) => this.definition(document, position) },
      ),
    ];
  }

  /** What a person opens is newer than any movement of the cursor so far. */
  forget(): void {
    this.movement += 1;
    clearTimeout(this.timer);
  }

  /** From the cursor of a preview to the file, in the editor that shows it already. */
  async goToSource(): Promise<void> {
    const editor = previewEditor();
    const result =
      editor && (await this.map({ uri: editor.document.uri.toString(), position: wire(editor.selection.active) }));
    const range = result?.ranges[0];
    if (!result || !range) {
      throw new Error('no file says this line: it is the same for everything that is generated');
    }
    await openLocation({ uri: result.uri, range });
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.registrations.forEach((it) => it.dispose());
    this.mark.dispose();
  }

  private moved(editor: TextEditor, isJump: boolean): void {
    const fromPreview = isPreview(editor.document);
    if (!previewEditor() || (!fromPreview && editor.document.languageId !== LANGUAGE_ID)) {
      return;
    }
    const movement = ++this.movement;
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => {
        const step = fromPreview ? this.toFile(editor, movement) : this.toPreview(editor, movement);
        // A server that does not run has been told of already.
        step.catch((error: unknown) => this.server.log(error));
      },
      isJump ? 0 : REST,
    );
  }

  private async toPreview(editor: TextEditor, movement: number): Promise<void> {
    // One that is kept, or beside what it is compared with, is marked and stays as it is.
    const meant = followingTab()?.uri ?? previewEditor()?.document.uri;
    const shown = meant && named(meant);
    if (!shown || !workspace.getConfiguration('specql').get('preview.followCursor', true)) {
      return;
    }
    const { artifact } = shown.params;
    const result = await this.map({
      uri: editor.document.uri.toString(),
      position: placeIn(editor),
      ...(artifact === undefined ? {} : { artifact }),
    });
    if (!result || movement !== this.movement) {
      return;
    }
    const uri = Uri.parse(result.uri);
    const next = named(uri);
    if (next && next.title !== shown.title) {
      await this.previews.follow(uri, next.language, meant, () => movement === this.movement);
    }
    const now = window.visibleTextEditors.find(({ document }) => {
      return isPreview(document) && named(document.uri)?.title === next?.title;
    });
    if (now && movement === this.movement) {
      this.show(now, result.ranges);
    }
  }

  private async toFile(editor: TextEditor, movement: number): Promise<void> {
    const result = await this.map({ uri: editor.document.uri.toString(), position: wire(editor.selection.active) });
    if (!result || movement !== this.movement) {
      return;
    }
    const uri = Uri.parse(result.uri).toString();
    const source = window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri);
    if (source) {
      this.show(source, result.ranges);
    }
  }

  private async definition(document: TextDocument, position: Position): Promise<Location[]> {
    const result = await this.map({ uri: document.uri.toString(), position: wire(position) });
    return result ? result.ranges.map((range) => new Location(Uri.parse(result.uri), unwire(range))) : [];
  }

  private map(params: object): Promise<SourceMapResult | null> {
    return this.server.request<SourceMapResult | null>('specql/sourceMap', params);
  }

  private show(editor: TextEditor, ranges: readonly WireRange[]): void {
    const shown = ranges.map(unwire);
    window.visibleTextEditors.filter((it) => it !== editor).forEach((it) => it.setDecorations(this.mark, []));
    editor.setDecorations(this.mark, shown);
    const first = shown[0];
    if (first) {
      editor.revealRange(first, TextEditorRevealType.InCenterIfOutsideViewport);
    }
  }
}

function wire({ line, character }: Position): Position {
  return { line, character };
}

function unwire({ start, end }: WireRange): Range {
  return new Range(start.line, start.character, end.line, end.character);
}
