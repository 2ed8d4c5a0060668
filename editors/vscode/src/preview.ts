// Read-only documents with generated text, opened beside the file. The server knows which ones are
// shown and says when the text of one has become another; then it is asked for again.

import {
  type Disposable,
  EventEmitter,
  languages,
  type TextDocumentContentProvider,
  Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode';

import {
  type ContentParams,
  type ContentResult,
  PREVIEW_SCHEME,
  type PreviewParams,
  type PreviewResult,
} from './protocol.ts';
import type { Server } from './server.ts';

export class PreviewDocuments implements TextDocumentContentProvider, Disposable {
  private readonly server: Server;
  private readonly changed = new EventEmitter<Uri>();
  private readonly registration: Disposable;
  readonly onDidChange = this.changed.event;

  constructor(server: Server) {
    this.server = server;
    this.registration = workspace.registerTextDocumentContentProvider(PREVIEW_SCHEME, this);
    server.onContentRefresh = ({ uri }) => this.changed.fire(Uri.parse(uri));
    // A new server does not know what is shown.
    server.onStarted = () => {
      workspace.textDocuments
        .filter(({ uri }) => uri.scheme === PREVIEW_SCHEME)
        .forEach(({ uri }) => this.changed.fire(uri));
    };
  }

  async open(params: PreviewParams): Promise<void> {
    const preview = await this.server.request<PreviewResult | null>('specql/preview', params);
    if (!preview) {
      void window.showInformationMessage('SpecQL: nothing is generated from this place');
      return;
    }
    let document = await workspace.openTextDocument(Uri.parse(preview.uri));
    if (document.languageId !== preview.language) {
      document = await languages.setTextDocumentLanguage(document, preview.language);
    }
    await window.showTextDocument(document, {
      viewColumn: ViewColumn.Beside,
      preserveFocus: true,
      preview: true,
    });
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const params: ContentParams = { uri: uri.toString() };
    const content = await this.server.request<ContentResult>('workspace/textDocumentContent', params);
    return content?.text ?? '';
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}
