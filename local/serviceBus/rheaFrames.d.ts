/** rhea publishes no types for its frames, and only a frame of its own gets around its merging of dispositions. */
declare module 'rhea/lib/frames' {
  export function disposition(fields: {
    role: boolean;
    first: number;
    last: number;
    settled: boolean;
    state: object;
  }): object;
}
