// What a preview is asked for and what comes back (request `specql/preview`), and the name that
// its virtual document gets: `specql-preview:/Post.create_post · action.sql?{target as JSON}`.

/** Names an action and an artifact of it, or a place in a file; what is absent the server chooses. */
export interface PreviewTarget {
  readonly uri: string;
  readonly entity?: string;
  readonly action?: string;
  readonly artifact?: string;
  readonly position?: { readonly line: number; readonly character: number };
}

export interface Preview {
  /** `Post.create_post · action`: the subject and the artifact. */
  readonly title: string;
  /** Language id of the text: `sql`, `json`, … */
  readonly language: string;
  readonly text: string;
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  javascript: 'js',
  markdown: 'md',
  mermaid: 'mmd',
  plaintext: 'txt',
  python: 'py',
  shellscript: 'sh',
  typescript: 'ts',
};

/** Path of the virtual document; its last and only segment is what the tab shows. */
export function previewPath({ title, language }: Preview): string {
  const name = `${title}.${EXTENSIONS[language] ?? language}`;
  return `/${name.replaceAll(/[\\/?#]+/g, '-')}`;
}

/**
 * The target without its place, once the server has said what stands there: the place moves with
 * every edit, the names do not.
 */
export function settledTarget(target: PreviewTarget, preview: Preview): PreviewTarget {
  const [subject = '', artifact] = preview.title.split(' · ');
  const [entity, action] = subject.split('.');
  if (target.position === undefined || !entity || !action || !artifact) {
    return target;
  }
  return { uri: target.uri, entity, action, artifact };
}

export function targetToQuery(target: PreviewTarget): string {
  return JSON.stringify(target);
}

/** The target of a virtual document, or `undefined` for a query that `targetToQuery` has not written. */
export function targetFromQuery(query: string): PreviewTarget | undefined {
  try {
    const target: unknown = JSON.parse(query);
    return isTarget(target) ? target : undefined;
  } catch {
    return undefined;
  }
}

export function isTarget(value: unknown): value is PreviewTarget {
  return typeof value === 'object' && value !== null && 'uri' in value && typeof value.uri === 'string';
}
