// Read-only documents with generated text, opened beside the file. The server knows which ones are
// shown and says when the text of one has become another; then it is asked for again.

import {
  type Disposable,
  EventEmitter,
  languages,
  type Tab,
  TabInputText,
  type TextDocument,
  type TextDocumentContentProvider,
  type TextEditor,
  Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode';

import {
  BUILT_INS_SCHEME,
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
  private readonly registrations: Disposable[];
  readonly onDidChange = this.changed.event;

  constructor(server: Server) {
    this.server = server;
    this.registrations = [
      workspace.registerTextDocumentContentProvider(PREVIEW_SCHEME, this),
      workspace.registerTextDocumentContentProvider(BUILT_INS_SCHEME, this),
      server.onDidRefreshContent(({ uri }) => this.changed.fire(Uri.parse(uri))),
      // A new server does not know what is shown.
      server.onDidStart(() => {
        workspace.textDocuments
          .filter(({ uri }) => uri.scheme === PREVIEW_SCHEME)
          .forEach(({ uri }) => this.changed.fire(uri));
      }),
    ];
  }

  /** What a request for a preview answers; an error with the reason when there is none. */
  async ask(params: PreviewParams): Promise<PreviewResult> {
    const preview = await this.server.request<PreviewResult | null>('specql/preview', params);
    if (!preview) {
      throw new Error(
        params.artifact === undefined
          ? 'nothing is generated from this place: it lies in no entity that has a name'
          : `\`${params.artifact}\` has nothing to show here: it is made for an action, or nothing in the workspace leads to it`,
      );
    }
    return preview;
  }

  async open(params: PreviewParams): Promise<void> {
    const { uri, language } = await this.ask(params);
    await this.show(Uri.parse(uri), language, previewEditor()?.viewColumn ?? ViewColumn.Beside);
  }

  /** Shows a preview in a column without taking the focus. */
  private async show(uri: Uri, language: string, viewColumn: ViewColumn): Promise<void> {
    const document = await this.load(uri, language);
    await window.showTextDocument(document, { viewColumn, preserveFocus: true, preview: true });
  }

  /** Puts a preview in the place of `before`, if that is still what follows when the text has come. */
  async follow(uri: Uri, language: string, before: Uri, isWanted: () => boolean): Promise<void> {
    const document = await this.load(uri, language);
    const place = followingTab();
    if (!isWanted() || place?.uri.toString() !== before.toString()) {
      return;
    }
    const { tab } = place;
    await window.showTextDocument(document, {
      viewColumn: tab.group.viewColumn,
      preserveFocus: true,
      preview: tab.isPreview,
    });
    if (!tab.isPreview) {
      await window.tabGroups.close(tab, true);
    }
  }

  private async load(uri: Uri, language: string): Promise<TextDocument> {
    const document = await workspace.openTextDocument(uri);
    return document.languageId === language ? document : languages.setTextDocumentLanguage(document, language);
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const params: ContentParams = { uri: uri.toString() };
    const content = await this.server.request<ContentResult | null>('workspace/textDocumentContent', params);
    return content?.text ?? '';
  }

  dispose(): void {
    this.registrations.forEach((it) => it.dispose());
    this.changed.dispose();
  }
}

export function isPreview(document: TextDocument): boolean {
  return document.uri.scheme === PREVIEW_SCHEME;
}

/** The preview that is meant: the one with the focus, else one that can be seen. */
export function previewEditor(): TextEditor | undefined {
  const active = window.activeTextEditor;
  return active && isPreview(active.document)
    ? active
    : window.visibleTextEditors.find(({ document }) => isPreview(document));
}

/** The preview that follows the cursor: in front of its group, alone, in a tab that nobody keeps. Where
 *  every tab is kept by a setting, any preview in front. */
export function followingTab(): { readonly tab: Tab; readonly uri: Uri } | undefined {
  const keepsAll = !workspace.getConfiguration('workbench.editor').get('enablePreview', true);
  for (const { activeTab: tab } of window.tabGroups.all) {
    if (tab?.input instanceof TabInputText && tab.input.uri.scheme === PREVIEW_SCHEME) {
      if (tab.isPreview || (keepsAll && !tab.isPinned)) {
        return { tab, uri: tab.input.uri };
      }
    }
  }
  return undefined;
}
