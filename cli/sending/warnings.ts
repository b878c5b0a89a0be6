import { z } from 'zod';

export const warningsSchema = z
  .array(z.object({ code: z.string(), message: z.string(), target: z.string().optional() }))
  .default([]);

export type Warning = z.output<typeof warningsSchema>[number];

/** What is worth saying of somebody who is invited already, beside that: what differs, in one sentence. */
export function warningsInShort(warnings: Warning[]): string {
  const differing = warnings.flatMap(({ code, target }) =>
    code === 'differs' && target !== undefined ? [target] : [],
  );
  const others = warnings.filter(({ code }) => code !== 'differs' && code !== 'alreadyInvited');
  return [
    ...(differing.length > 0 ? [`Keeps its own ${differing.join(', ')}.`] : []),
    ...others.map(({ message }) => message),
  ].join(' ');
}
