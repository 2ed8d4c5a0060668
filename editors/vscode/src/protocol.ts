// What this client and the server say to each other beyond the protocol's version that the library knows.

import type { ClientCapabilities, Location, Position, Range, StaticFeature } from 'vscode-languageclient/node';

/** What the server's code lenses execute. Its one argument is a `PreviewParams`. */
export const PREVIEW_COMMAND = 'specql.preview';

/** The scheme of documents that show previews. */
export const PREVIEW_SCHEME = 'specql-preview';

/** What the lenses of uses execute. Its one argument is a `UsesParams`. */
export const USES_COMMAND = 'specql.showReferences';

/** The scheme of the document of what comes with the language. */
export const BUILT_INS_SCHEME = 'specql-builtin';

/** Request `specql/preview`: a named artifact of a named action, else what the place is about. */
export interface PreviewParams {
  readonly uri: string;
  readonly action?: string;
  readonly artifact?: string;
  readonly position?: Position;
}

/** Its answer; `null` when there is nothing to show. */
export interface PreviewResult {
  /** The document that shows the preview; its text is asked for with `workspace/textDocumentContent`. */
  readonly uri: string;
  /** Id of the text's language: `sql`, `json`, … */
  readonly language: string;
  readonly text: string;
}

/** Request `specql/artifacts`, with `PreviewParams`: what can be shown of a place. */
export interface ArtifactChoice {
  readonly artifact: string;
  readonly summary: string;
  readonly scope: 'action' | 'entity' | 'workspace';
  readonly language: string;
}

/** Request `specql/sourceMap`: from a place in a file to a preview's ranges, and from a preview to a file. */
export interface SourceMapResult {
  readonly uri: string;
  readonly ranges: readonly Range[];
}

/** Request `specql/diff`, with `PreviewParams` and two states: an artifact at two times. */
export interface DiffResult {
  readonly from: DiffSide;
  readonly to: DiffSide;
}

/** The text is null when there was none. */
export interface DiffSide {
  readonly name: string;
  readonly text: string | null;
}

/** Request `specql/references`: the uses of what is declared at a place. */
export interface UsesParams {
  readonly uri: string;
  readonly position: Position;
  readonly of: 'references' | 'events';
}

export interface UseItem extends Location {
  readonly access: 'declaration' | 'read' | 'write';
}

/** A place in a file. */
export interface PlaceParams {
  readonly uri: string;
  readonly position: Position;
}

/** Request `specql/lineage`, with `PlaceParams`: who sets, reads and carries a field; null for anything else. */
export interface LineageResult {
  readonly field: string;
  readonly uses: readonly LineageUse[];
  readonly flows: readonly LineageFlow[];
  /** Further actions are left out. */
  readonly incomplete: boolean;
}

export interface LineageUse {
  readonly role: string;
  /** The action around the place. */
  readonly action: string | null;
  readonly location: Location;
}

export interface LineageFlow {
  /** `cascade`, `invalidation`, `event`, `audit`. */
  readonly kind: string;
  readonly action: string;
  /** The action changes the value; else it carries the one that is there. */
  readonly changes: boolean;
  readonly name: string;
  readonly path: string;
  readonly location: Location;
}

/** Request `specql/eventFlow`, with the file of a workspace; null where no action does anything. */
export interface EventFlowResult {
  readonly nodes: readonly {
    readonly kind: 'action' | 'entity' | 'event' | 'topic';
    readonly label: string;
    readonly location?: Location | null;
  }[];
  readonly edges: readonly {
    /** Indexes of nodes. */
    readonly from: number;
    readonly to: number;
    readonly label: string;
    /** In every run. */
    readonly certain: boolean;
  }[];
}

/** Notification `specql/status`: how the server is. */
export interface ServerStatus {
  readonly health: 'ok' | 'warning';
  readonly quiescent: boolean;
  readonly indexing: boolean;
  readonly message?: string;
  readonly workspaces: number;
  readonly files: number;
}

/** Request `specql/outline`: the workspace as a tree. */
export interface OutlineItem {
  readonly name: string;
  /** The whole name, by which the event flow calls it too. */
  readonly label: string;
  /** A `SymbolKind` of the protocol. */
  readonly kind: number;
  readonly location?: Location;
  readonly children: readonly OutlineItem[];
}

/** Parameters of `workspace/textDocumentContent` and `workspace/textDocumentContent/refresh` (LSP 3.18). */
export interface ContentParams {
  readonly uri: string;
}

export interface ContentResult {
  readonly text: string;
}

/**
 * Tells the server that code lenses and links may carry our commands, and that previews can be refreshed.
 * VS Code follows no link to a document of another scheme than its own.
 */
export const ownCapabilities: StaticFeature = {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    capabilities.experimental = {
      commands: { commands: [PREVIEW_COMMAND, USES_COMMAND] },
      commandLinks: true,
      serverStatusNotification: true,
    };
    capabilities.workspace = Object.assign(capabilities.workspace ?? {}, {
      textDocumentContent: { dynamicRegistration: false },
    });
  },
  initialize(): void {},
  getState: () => ({ kind: 'static' }),
  clear(): void {},
};

export function isUsesParams(value: unknown): value is UsesParams {
  return isPreviewParams(value) && 'position' in value && 'of' in value;
}

export function isPreviewParams(value: unknown): value is PreviewParams {
  return typeof value === 'object' && value !== null && 'uri' in value && typeof value.uri === 'string';
}
