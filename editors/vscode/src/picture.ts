// A graph as a picture in a tab of its own: laid out by Graphviz here and shown in a webview that may run
// its one script and load nothing. A click on a box opens what it stands for.

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Disposable, type ExtensionContext, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import type { Location } from 'vscode-languageclient/node';

import { picturePage } from './picturePage.ts';
import type { Server } from './server.ts';
import { openLocation } from './tree.ts';

/** The layout engine is large, and loaded with the first picture. */
interface Layout {
  layout(dot: string): Promise<string>;
}

export interface Graph {
  readonly title: string;
  /** In the language of Graphviz. */
  readonly dot: string;
  /** Where a node leads, by its name in `dot`. */
  readonly places: ReadonlyMap<string, Location>;
}

export class Picture implements Disposable {
  private readonly context: ExtensionContext;
  private readonly server: Server;
  private readonly kind: string;
  private panel: WebviewPanel | undefined;
  private places: Graph['places'] = new Map();
  private drawn = '';

  /** `kind` is the type of the editor's tab. */
  constructor(context: ExtensionContext, server: Server, kind: string) {
    this.context = context;
    this.server = server;
    this.kind = kind;
  }

  get isOpen(): boolean {
    return this.panel !== undefined;
  }

  /** Brings the picture to the front, without the focus. */
  async show(graph: Graph): Promise<void> {
    this.panel ??= this.createPanel(graph.title);
    this.panel.reveal(undefined, true);
    await this.draw(graph);
  }

  /** Draws a newer graph where the picture is open. What has not changed keeps its place and its size. */
  async draw({ title, dot, places }: Graph): Promise<void> {
    if (!this.panel) {
      return;
    }
    this.places = places;
    this.panel.title = title;
    if (dot === this.drawn) {
      return;
    }
    this.drawn = dot;
    const folder = join(this.context.extensionPath, 'dist');
    // Not `import`: the bundle of the extension would hold the engine.
    const { layout }: Layout = require(join(folder, 'graphviz.cjs'));
    const [svg, script] = await Promise.all([layout(dot), readFile(join(folder, 'pictureView.js'), 'utf8')]);
    if (this.panel && dot === this.drawn) {
      this.panel.webview.html = picturePage({ title, svg, script, nonce: randomBytes(16).toString('base64') });
    }
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private createPanel(title: string): WebviewPanel {
    const panel = window.createWebviewPanel(
      this.kind,
      title,
      { viewColumn: ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, localResourceRoots: [], retainContextWhenHidden: true },
    );
    panel.webview.onDidReceiveMessage((message: unknown) => {
      this.clicked(message).catch((error: unknown) => this.server.log(error));
    });
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.drawn = '';
    });
    panel.iconPath = Uri.joinPath(this.context.extensionUri, 'images/icon.png');
    return panel;
  }

  private async clicked(message: unknown): Promise<void> {
    const node = typeof message === 'object' && message !== null && 'node' in message ? message.node : undefined;
    const location = typeof node === 'string' ? this.places.get(node) : undefined;
    if (location) {
      await openLocation(location);
    }
  }
}
