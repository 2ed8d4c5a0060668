// The event flow as a picture: who writes and publishes what.

import type { Disposable, ExtensionContext } from 'vscode';

import { placeOfCursor } from './artifacts.ts';
import type { CursorFollower } from './follow.ts';
import { flowGraph } from './flowGraph.ts';
import { type Graph, Picture } from './picture.ts';
import type { PreviewDocuments } from './preview.ts';
import type { EventFlowResult } from './protocol.ts';
import type { Server } from './server.ts';
import type { OutlineTree } from './tree.ts';

/** What the picture needs of the extension. */
export interface FlowParts {
  readonly server: Server;
  readonly previews: PreviewDocuments;
  readonly tree: OutlineTree;
  readonly follower: CursorFollower;
}

export class EventFlow implements Disposable {
  private readonly server: Server;
  private readonly previews: PreviewDocuments;
  private readonly tree: OutlineTree;
  private readonly follower: CursorFollower;
  private readonly picture: Picture;
  private readonly registrations: Disposable[];
  /** The file whose workspace is shown, and the document that changes when the flow does. */
  private shown: { readonly file: string; readonly document: string } | undefined;

  constructor(context: ExtensionContext, { server, previews, tree, follower }: FlowParts) {
    this.server = server;
    this.previews = previews;
    this.tree = tree;
    this.follower = follower;
    this.picture = new Picture(context, server, 'specql.eventFlow');
    this.registrations = [
      this.picture,
      server.onDidRefreshContent(({ uri }) => {
        if (uri === this.shown?.document) void this.refresh().catch((error: unknown) => server.log(error));
      }),
    ];
  }

  async show(): Promise<void> {
    const file = await this.file();
    const graph = await this.graph(file);
    if (!graph) {
      throw new Error('no action of this workspace does anything, and so there is no event flow');
    }
    const { uri } = await this.previews.ask({ uri: file, artifact: 'event-flow-dot' });
    this.shown = { file, document: uri };
    this.follower.forget();
    await this.picture.show(graph);
  }

  dispose(): void {
    this.registrations.forEach((it) => it.dispose());
  }

  /** A file of the workspace that is meant: the one with the cursor, else any. */
  private async file(): Promise<string> {
    try {
      return placeOfCursor().uri;
    } catch {
      const first = (await this.tree.roots()).flatMap(({ children }) => children)[0]?.location;
      if (!first) {
        throw new Error('there is no entity in this workspace, and so no event flow');
      }
      return first.uri;
    }
  }

  private async refresh(): Promise<void> {
    const graph = this.shown && this.picture.isOpen ? await this.graph(this.shown.file) : undefined;
    if (graph) {
      await this.picture.draw(graph);
    }
  }

  private async graph(uri: string): Promise<Graph | undefined> {
    const flow = await this.server.request<EventFlowResult | null>('specql/eventFlow', { uri });
    return flow ? flowGraph(flow) : undefined;
  }
}
