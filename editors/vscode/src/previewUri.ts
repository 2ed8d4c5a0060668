// The names of preview documents, as the server makes them: `/TITLE.LANGUAGE` with what was asked for as
// JSON behind the question mark.

import { isPreviewParams, type PreviewParams } from './protocol.ts';

/** Of the parts of an address; decoded. */
export interface Parts {
  readonly path: string;
  readonly query: string;
}

export interface Named {
  /** `Post.create_post · action`; without a subject for what is made of the workspace. */
  readonly title: string;
  readonly language: string;
  readonly params: PreviewParams;
}

export function named({ path, query }: Parts): Named | undefined {
  const match = /^\/?(.*)\.([^.]+)$/.exec(path);
  let params: unknown;
  try {
    params = JSON.parse(query);
  } catch {
    return undefined;
  }
  return match && isPreviewParams(params)
    ? { title: match[1] ?? '', language: match[2] ?? '', params }
    : undefined;
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  markdown: 'md',
  plaintext: 'txt',
  python: 'py',
  shellscript: 'sh',
  typescript: 'ts',
};

/** A name for the file that keeps the text. */
export function fileName({ title, language }: Named): string {
  const stem = title.replaceAll(/\s*·\s*/g, '.').replaceAll(/[^\w.-]+/g, '_');
  const extension = stem.endsWith('-dot') ? 'dot' : (EXTENSIONS[language] ?? language);
  return `${stem}.${extension}`;
}
