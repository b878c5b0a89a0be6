import type { z } from 'zod';
import type { RequestFault } from './requestRules';
import { propertiesOf, schemaFaults } from './schemaFaults';

type Read<T> = { ok: true; body: T } | { ok: false; faults: RequestFault[] };

/** The schema's faults and those that the rules find in what is sound of the body, so that nobody has to try twice. */
export function readBody<S extends z.ZodObject>(
  body: object,
  schema: S,
  byRules: (sound: Partial<z.output<S>>, faulty: ReadonlySet<PropertyKey>) => RequestFault[],
): Read<z.output<S>> {
  const parsed = schema.safeParse(body, { reportInput: true });
  const faults = parsed.success
    ? byRules(parsed.data, new Set())
    : allFaults(body, schema, parsed.error.issues, byRules);
  return parsed.success && faults.length === 0 ? { ok: true, body: parsed.data } : { ok: false, faults };
}

function allFaults<S extends z.ZodObject>(
  body: object,
  schema: S,
  issues: z.core.$ZodIssue[],
  byRules: (sound: Partial<z.output<S>>, faulty: ReadonlySet<PropertyKey>) => RequestFault[],
): RequestFault[] {
  const faulty = propertiesOf(issues);
  const sound = Object.fromEntries(Object.entries(body).filter(([name]) => !faulty.has(name)));
  return [...schemaFaults(issues), ...byRules(schema.partial().parse(sound) as Partial<z.output<S>>, faulty)];
}
