/** Where a worker ends itself, or is frozen: at the nth time since it was armed that it reaches a seam. */
export interface Blow {
  kind: 'kill' | 'freeze';
  seam: string;
  nth: number;
  side: Side;
}

/** `between`: after the lease was checked, before the call leaves. */
export type Side = 'before' | 'after' | 'between';

/** What the parent asks of a worker; every order is answered once it is done. */
export type Order =
  | { type: 'start'; settings: Record<string, string> }
  | { type: 'arm'; blow: Blow | undefined }
  | { type: 'request'; body: object; key: string }
  | { type: 'decide'; action: Action; id: string; key: string }
  | { type: 'patch'; body: object; id: string; key: string }
  | { type: 'tick' }
  | { type: 'sync' }
  | { type: 'isIdle' };

export type Action = 'resend' | 'revoke' | 'retry' | 'confirmSent';

/** What a request or a decision came to. */
export interface Told {
  type: string;
  id?: string;
  status?: number;
}

/** One line on the worker's standard output, written before the blow falls. */
export interface Sign {
  seam: string;
  nth: number;
  side: Side;
  blow?: Blow['kind'];
}
