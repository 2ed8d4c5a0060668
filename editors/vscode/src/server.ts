// The one language server of this window: started once, restarted on command and after a crash, stopped
// with the extension. What state it is in is said in one place, `health`; whoever asks a server that
// does not run gets the reason as an error.

import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { type Disposable, EventEmitter, type ExtensionContext, window, workspace } from 'vscode';
import {
  CloseAction,
  type CloseHandlerResult,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  State,
} from 'vscode-languageclient/node';

import { findServer } from './binary.ts';
import { probe } from './probe.ts';
import { type ContentParams, ownCapabilities, PREVIEW_COMMAND, type ServerStatus } from './protocol.ts';

export type Health =
  | { readonly state: 'stopped' }
  | { readonly state: 'starting' }
  | { readonly state: 'running'; readonly path: string; readonly version: string }
  | { readonly state: 'failed'; readonly problem: string };

/** Why there is no answer; its message is a sentence for the user. */
export class NotRunning extends Error {}

/** A server that ends more often than this within `CRASHES_WITHIN` stays down. */
const CRASHES = 4;
const CRASHES_WITHIN = 180_000; // milliseconds

export class Server implements Disposable {
  private client: LanguageClient | undefined;
  /** The start under way or done; callers that come later wait for the same one. */
  private starting: Promise<void> | undefined;
  private readonly context: ExtensionContext;
  private readonly output = window.createOutputChannel('SpecQL', { log: true });
  private readonly trace = window.createOutputChannel('SpecQL Trace');
  private readonly healthChanged = new EventEmitter<Health>();
  private readonly started = new EventEmitter<void>();
  private readonly contentRefresh = new EventEmitter<ContentParams>();
  private readonly statusChanged = new EventEmitter<ServerStatus>();
  private current: Health = { state: 'stopped' };
  private crashes: number[] = [];

  readonly onDidChangeHealth = this.healthChanged.event;
  /** What the server says of itself. */
  readonly onDidChangeStatus = this.statusChanged.event;
  /** A server, the first or a later one, answers requests. */
  readonly onDidStart = this.started.event;
  /** The text of a preview has become another. */
  readonly onDidRefreshContent = this.contentRefresh.event;

  constructor(context: ExtensionContext) {
    this.context = context;
  }

  get health(): Health {
    return this.current;
  }

  start(): Promise<void> {
    this.starting ??= this.launch();
    return this.starting;
  }

  async restart(): Promise<void> {
    await this.starting;
    await this.stop();
    this.crashes = [];
    await this.start();
  }

  async request<Answer>(method: string, parameters?: object): Promise<Answer> {
    await this.start();
    if (this.client?.state !== State.Running) {
      throw new NotRunning(this.current.state === 'failed' ? this.current.problem : 'the server is not running');
    }
    return parameters === undefined
      ? this.client.sendRequest<Answer>(method)
      : this.client.sendRequest<Answer>(method, parameters);
  }

  showLog(): void {
    this.output.show();
  }

  /** Notes what went wrong for who looks at the log. */
  log(error: unknown): void {
    this.output.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  async dispose(): Promise<void> {
    await this.stop();
    const emitters = [this.healthChanged, this.statusChanged, this.started, this.contentRefresh];
    for (const it of [this.output, this.trace, ...emitters]) {
      it.dispose();
    }
  }

  private async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.starting = undefined;
    this.become({ state: 'stopped' });
    // A client that never came up cannot be stopped.
    await client?.dispose().catch(() => {});
  }

  private async launch(): Promise<void> {
    this.become({ state: 'starting' });
    const found = findServer({
      setting: workspace.getConfiguration('specql').get('server.path', ''),
      extensionPath: this.context.extensionPath,
      searchPath: process.env['PATH'] ?? '',
      home: homedir(),
      platform: process.platform,
      isFile,
      ...workspaceFolder(),
    });
    const probed = 'problem' in found ? found : await probe(found.path);
    if ('problem' in found || 'problem' in probed) {
      this.fail('problem' in found ? found.problem : 'problem' in probed ? probed.problem : '');
      return;
    }
    this.output.info(`server: ${found.path}, version ${probed.version}`);
    const client = this.createClient(found.path);
    this.client = client;
    client.onDidChangeState(({ newState }) => {
      if (this.client === client && newState === State.Running) {
        this.become({ state: 'running', path: found.path, version: probed.version });
        this.started.fire();
      }
    });
    try {
      await client.start();
    } catch (error) {
      this.fail(`\`${found.path}\` does not start: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private become(health: Health): void {
    this.current = health;
    this.healthChanged.fire(health);
  }

  private fail(problem: string): void {
    // The first reason is the cause of those that follow.
    if (this.current.state !== 'failed') {
      this.output.error(problem);
      this.become({ state: 'failed', problem });
    }
  }

  /** The server ended, and nobody had asked it to. */
  private closed(path: string): CloseHandlerResult {
    const now = Date.now();
    if (this.current.state === 'starting' && this.crashes.length === 0) {
      this.fail(`\`${path}\` ended before it was ready`);
      return { action: CloseAction.DoNotRestart, handled: true };
    }
    this.crashes = [...this.crashes.filter((time) => now - time < CRASHES_WITHIN), now];
    if (this.crashes.length > CRASHES) {
      this.fail(`the server ended ${this.crashes.length} times within ${CRASHES_WITHIN / 60_000} minutes`);
      return { action: CloseAction.DoNotRestart, handled: true };
    }
    this.output.warn('the server ended and is started again');
    this.become({ state: 'starting' });
    return { action: CloseAction.Restart, handled: true };
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
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        initializationFailedHandler: () => false,
        // What a file says may stand in a hover too: of all commands its links reach this one.
        markdown: { isTrusted: { enabledCommands: [PREVIEW_COMMAND] } },
        errorHandler: {
          error: () => ({ action: ErrorAction.Continue, handled: true }),
          closed: () => this.closed(command),
        },
      },
    );
    client.registerFeature(ownCapabilities);
    client.onNotification('specql/status', (status: ServerStatus) => this.statusChanged.fire(status));
    client.onRequest('workspace/textDocumentContent/refresh', (params: ContentParams) => {
      this.contentRefresh.fire(params);
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
