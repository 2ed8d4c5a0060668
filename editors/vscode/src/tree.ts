// The view of schemas, entities, actions and events. The server decides what is in it.

import {
  type Disposable,
  EventEmitter,
  Range,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode';
import { SymbolKind } from 'vscode-languageclient/node';

import { LANGUAGE_ID } from './documents.ts';
import type { OutlineItem } from './protocol.ts';
import type { Server } from './server.ts';

const REST = 400; // milliseconds without an edit before the tree is asked for again

const ICONS: Readonly<Record<number, string>> = {
  [SymbolKind.Namespace]: 'symbol-namespace',
  [SymbolKind.Class]: 'symbol-class',
  [SymbolKind.Function]: 'symbol-method',
  [SymbolKind.Method]: 'symbol-method',
  [SymbolKind.Event]: 'symbol-event',
};

export class OutlineTree implements TreeDataProvider<OutlineItem>, Disposable {
  private readonly server: Server;
  private readonly changed = new EventEmitter<void>();
  private readonly registrations: Disposable[];
  private timer: NodeJS.Timeout | undefined;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(server: Server) {
    this.server = server;
    const watcher = workspace.createFileSystemWatcher('**/*.{yaml,yml,specql}');
    this.registrations = [
      window.createTreeView('specql.outline', { treeDataProvider: this, showCollapseAll: true }),
      server.onDidStart(() => this.changed.fire()),
      server.onDidChangeHealth(({ state }) => {
        if (state === 'failed') this.changed.fire();
      }),
      // Asked while files are read, the server knows a part of them.
      server.onDidChangeStatus(({ quiescent }) => {
        if (quiescent) this.refreshSoon();
      }),
      workspace.onDidChangeTextDocument(({ document }) => {
        if (document.languageId === LANGUAGE_ID) this.refreshSoon();
      }),
      watcher,
      watcher.onDidChange(() => this.refreshSoon()),
      watcher.onDidCreate(() => this.refreshSoon()),
      watcher.onDidDelete(() => this.refreshSoon()),
    ];
  }

  async getChildren(item?: OutlineItem): Promise<OutlineItem[]> {
    if (item) {
      return [...item.children];
    }
    // What is wrong with the server is told where it failed; an empty view says how to begin.
    return this.server.health.state === 'running' ? this.roots() : [];
  }

  getTreeItem({ name, label, kind, location, children }: OutlineItem): TreeItem {
    const state =
      children.length === 0
        ? TreeItemCollapsibleState.None
        : kind === SymbolKind.Namespace
          ? TreeItemCollapsibleState.Expanded
          : TreeItemCollapsibleState.Collapsed;
    const item = new TreeItem(name, state);
    item.id = `${label}\n${location?.uri ?? ''}\n${location?.range.start.line ?? ''}`;
    item.tooltip = label;
    item.iconPath = new ThemeIcon(ICONS[kind] ?? 'symbol-misc');
    if (location) {
      item.command = { command: 'specql.openLocation', title: 'Open', arguments: [location] };
    }
    return item;
  }

  async roots(): Promise<OutlineItem[]> {
    return (await this.server.request<OutlineItem[] | null>('specql/outline')) ?? [];
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.registrations.forEach((it) => it.dispose());
    this.changed.dispose();
  }

  private refreshSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.changed.fire(), REST);
  }
}

/** Opens a place that the server named. */
export async function openLocation(location: NonNullable<OutlineItem['location']>): Promise<void> {
  const { start, end } = location.range;
  const selection = new Range(start.line, start.character, end.line, end.character);
  const visible = window.visibleTextEditors.find(({ document }) => document.uri.scheme === 'file');
  await window.showTextDocument(Uri.parse(location.uri), {
    selection,
    viewColumn: visible?.viewColumn ?? ViewColumn.Active,
  });
}
