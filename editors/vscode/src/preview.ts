// Read-only documents with generated text, opened beside the file and kept up to date while it is edited.

import {
  type Disposable,
  EventEmitter,
  type TextDocumentContentProvider,
  Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode';

import {
  type Preview,
  type PreviewTarget,
  previewPath,
  settledTarget,
  targetFromQuery,
  targetToQuery,
} from './previewTarget.ts';
import type { Server } from './server.ts';

const SCHEME = 'specql-preview';
/** Milliseconds without typing before open previews are asked for again. */
const QUIET = 200;

export class PreviewDocuments implements TextDocumentContentProvider, Disposable {
  private readonly server: Server;
  private readonly changed = new EventEmitter<Uri>();
  private readonly subscriptions: Disposable[];
  private timer: NodeJS.Timeout | undefined;
  readonly onDidChange = this.changed.event;

  constructor(server: Server) {
    this.server = server;
    this.subscriptions = [
      this.changed,
      workspace.registerTextDocumentContentProvider(SCHEME, this),
      workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.scheme !== SCHEME) {
          this.refreshSoon();
        }
      }),
    ];
  }

  async open(target: PreviewTarget): Promise<void> {
    const preview = await this.ask(target);
    if (preview === undefined) {
      void window.showInformationMessage('SpecQL: there is no action here to preview');
      return;
    }
    const uri = Uri.from({
      scheme: SCHEME,
      path: previewPath(preview),
      query: targetToQuery(settledTarget(target, preview)),
    });
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document, {
      viewColumn: ViewColumn.Beside,
      preserveFocus: true,
      preview: true,
    });
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const target = targetFromQuery(uri.query);
    const preview = target && (await this.ask(target));
    return preview?.text ?? `nothing to preview: \`${uri.path.slice(1)}\` no longer exists\n`;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscriptions.forEach((subscription) => void subscription.dispose());
  }

  private async ask(target: PreviewTarget): Promise<Preview | undefined> {
    return (await this.server.request<Preview | null>('specql/preview', target)) ?? undefined;
  }

  private refreshSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      workspace.textDocuments
        .filter(({ uri }) => uri.scheme === SCHEME)
        .forEach(({ uri }) => this.changed.fire(uri));
    }, QUIET);
  }
}
