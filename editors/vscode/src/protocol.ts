// What this client and the server say to each other beyond the protocol's version that the library knows.

import type { ClientCapabilities, Location, Position, Range, StaticFeature } from 'vscode-languageclient/node';

/** What the server's code lenses execute. Its one argument is a `PreviewParams`. */
export const PREVIEW_COMMAND = 'specql.preview';

/** The scheme of documents that show previews. */
export const PREVIEW_SCHEME = 'specql-preview';

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

/** Tells the server that code lenses may carry our command, and that previews can be refreshed. */
export const ownCapabilities: StaticFeature = {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    capabilities.experimental = { commands: { commands: [PREVIEW_COMMAND] } };
    capabilities.workspace = Object.assign(capabilities.workspace ?? {}, {
      textDocumentContent: { dynamicRegistration: false },
    });
  },
  initialize(): void {},
  getState: () => ({ kind: 'static' }),
  clear(): void {},
};

export function isPreviewParams(value: unknown): value is PreviewParams {
  return typeof value === 'object' && value !== null && 'uri' in value && typeof value.uri === 'string';
}
