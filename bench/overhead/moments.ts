/** What happens to one invitation on its way to Graph, in that order. */
export const MOMENTS = [
  /** Its bytes leave the caller. */
  'requested',
  /** The HTTP function begins. */
  'accepted',
  /** Its first transaction is answered. */
  'stored',
  /** The queue has its hint. */
  'hinted',
  /** The queue function begins. */
  'received',
  /** Graph is asked who the person is. */
  'lookingUp',
  /** Graph has said who the person is. */
  'lookedUp',
  /** The gate gave a token: the intent's transaction leaves. */
  'tokenTaken',
  /** The intent's transaction is answered. */
  'intentWritten',
  /** Graph is asked to invite. */
  'graphCalled',
] as const;
export type Moment = (typeof MOMENTS)[number];

/** After them: the outcome's transaction is answered, and nothing is left to do. */
export type Told = { what: Moment | 'settled'; atMs: number };

/** One clock for all processes of the machine: both libuv and the kernel count it from the same start. */
export const machineMs = (): number => Number(process.hrtime.bigint()) / 1e6;
