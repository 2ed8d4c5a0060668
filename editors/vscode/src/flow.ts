// The event flow as a picture: the artifact `event-flow-dot`, laid out by Graphviz here and shown in a
// webview that may run its one script and load nothing. A click on a box opens what it stands for.

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Disposable, type ExtensionContext, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';

import { placeOfCursor } from './artifacts.ts';
import { byLabel, flowPage } from './flowPage.ts';
import type { CursorFollower } from './follow.ts';
import type { PreviewDocuments } from './preview.ts';
import type { ContentParams, ContentResult, PreviewParams } from './protocol.ts';
import type { Server } from './server.ts';
import { openLocation, type OutlineTree } from './tree.ts';

/** The layout engine is large, and loaded with the first picture. */
interface Layout {
  layout(dot: string): Promise<string>;
}

/** What the picture needs of the extension. */
export interface FlowParts {
  readonly server: Server;
  readonly previews: PreviewDocuments;
  readonly tree: OutlineTree;
  readonly follower: CursorFollower;
}

export class EventFlow implements Disposable {
  private readonly context: ExtensionContext;
  private readonly server: Server;
  private readonly previews: PreviewDocuments;
  private readonly tree: OutlineTree;
  private readonly follower: CursorFollower;
  private readonly registrations: Disposable[];
  private panel: WebviewPanel | undefined;
  /** The document whose text is shown. */
  private shown: string | undefined;

  constructor(context: ExtensionContext, { server, previews, tree, follower }: FlowParts) {
    this.context = context;
    this.server = server;
    this.previews = previews;
    this.tree = tree;
    this.follower = follower;
    this.registrations = [
      server.onDidRefreshContent(({ uri }) => {
        if (uri === this.shown) void this.draw().catch((error: unknown) => server.log(error));
      }),
    ];
  }

  async show(): Promise<void> {
    const { uri } = await this.previews.ask({ ...(await this.place()), artifact: 'event-flow-dot' });
    this.shown = uri;
    this.follower.forget();
    this.panel ??= this.createPanel();
    this.panel.reveal(undefined, true);
    await this.draw();
  }

  dispose(): void {
    this.panel?.dispose();
    this.registrations.forEach((it) => it.dispose());
  }

  /** A file of the workspace that is meant: the one with the cursor, else any. */
  private async place(): Promise<PreviewParams> {
    try {
      return placeOfCursor();
    } catch {
      const first = (await this.tree.roots()).flatMap(({ children }) => children)[0]?.location;
      if (!first) {
        throw new Error('there is no entity in this workspace, and so no event flow');
      }
      return { uri: first.uri };
    }
  }

  private createPanel(): WebviewPanel {
    const panel = window.createWebviewPanel(
      'specql.eventFlow',
      'Event Flow',
      { viewColumn: ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, localResourceRoots: [], retainContextWhenHidden: true },
    );
    panel.webview.onDidReceiveMessage((message: unknown) => void this.clicked(message));
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.shown = undefined;
    });
    panel.iconPath = Uri.joinPath(this.context.extensionUri, 'images/icon.png');
    return panel;
  }

  private async draw(): Promise<void> {
    if (!this.panel || this.shown === undefined) {
      return;
    }
    const params: ContentParams = { uri: this.shown };
    const content = await this.server.request<ContentResult | null>('workspace/textDocumentContent', params);
    const folder = join(this.context.extensionPath, 'dist');
    // Not `import`: the bundle of the extension would hold the engine.
    const { layout }: Layout = require(join(folder, 'graphviz.cjs'));
    const [svg, script] = await Promise.all([
      layout(content?.text ?? ''),
      readFile(join(folder, 'flowView.js'), 'utf8'),
    ]);
    this.panel.webview.html = flowPage(svg, script, randomBytes(16).toString('base64'));
  }

  private async clicked(message: unknown): Promise<void> {
    const label = typeof message === 'object' && message !== null && 'label' in message ? message.label : undefined;
    const location = typeof label === 'string' ? byLabel(await this.tree.roots(), label)?.location : undefined;
    if (location) {
      await openLocation(location);
    }
  }
}
