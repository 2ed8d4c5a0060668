// The one language server of this window: started once, restarted on command, stopped with the extension.

import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { type Disposable, type ExtensionContext, window, workspace } from 'vscode';
import { LanguageClient, State } from 'vscode-languageclient/node';

import { findServer } from './binary.ts';
import { type ContentParams, ownCapabilities } from './protocol.ts';

export class Server implements Disposable {
  private client: LanguageClient | undefined;
  /** The start under way or done; callers that come later wait for the same one. */
  private starting: Promise<void> | undefined;
  private readonly context: ExtensionContext;
  private readonly output = window.createOutputChannel('SpecQL', { log: true });
  private readonly trace = window.createOutputChannel('SpecQL Trace');
  /** Called when the text of a preview has become another. */
  onContentRefresh: (params: ContentParams) => void = () => {};
  /** Called when a server, the first or a later one, answers requests. */
  onStarted: () => void = () => {};

  constructor(context: ExtensionContext) {
    this.context = context;
  }

  start(): Promise<void> {
    this.starting ??= this.launch();
    return this.starting;
  }

  async restart(): Promise<void> {
    await this.starting;
    await this.client?.dispose();
    this.client = undefined;
    this.starting = undefined;
    await this.start();
  }

  /** Answers `undefined` when there is no running server to ask. */
  async request<Answer>(method: string, parameters: object): Promise<Answer | undefined> {
    await this.start();
    return this.client?.state === State.Running
      ? await this.client.sendRequest<Answer>(method, parameters)
      : undefined;
  }

  async dispose(): Promise<void> {
    await this.client?.dispose();
    this.output.dispose();
    this.trace.dispose();
  }

  private async launch(): Promise<void> {
    const found = findServer({
      setting: workspace.getConfiguration('specql').get('server.path', ''),
      extensionPath: this.context.extensionPath,
      searchPath: process.env['PATH'] ?? '',
      home: homedir(),
      platform: process.platform,
      isFile,
      ...workspaceFolder(),
    });
    if ('problem' in found) {
      this.output.error(found.problem);
      void window.showErrorMessage(`SpecQL: ${found.problem}`);
      return;
    }
    this.output.info(`server: ${found.path}`);
    this.client = this.createClient(found.path);
    try {
      await this.client.start();
      this.onStarted();
    } catch (error) {
      this.output.error(`the server did not start: ${String(error)}`);
      void window.showErrorMessage('SpecQL: the server did not start, see the output channel SpecQL');
    }
  }

  private createClient(command: string): LanguageClient {
    const client = new LanguageClient(
      'specql',
      'SpecQL',
      { command, args: ['serve', '--stdio'] },
      {
        documentSelector: [
          { scheme: 'file', language: 'specql' },
          { scheme: 'untitled', language: 'specql' },
          { scheme: 'file', language: 'yaml' },
        ],
        outputChannel: this.output,
        traceOutputChannel: this.trace,
      },
    );
    client.registerFeature(ownCapabilities);
    client.onRequest('workspace/textDocumentContent/refresh', (params: ContentParams) => {
      this.onContentRefresh(params);
      return null;
    });
    return client;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function workspaceFolder(): { workspaceFolder?: string } {
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
  return folder === undefined ? {} : { workspaceFolder: folder };
}
