/** Where in a request a value stands: a header, of it the items between separators, of them those with a prefix. */
export interface Place {
  header: string;
  separator?: string | undefined;
  prefix?: string | undefined;
}

/** How a sender signs with a shared secret. */
export interface HmacScheme extends Place {
  algorithm: 'sha256' | 'sha384' | 'sha512';
  encoding: 'hex' | 'base64';
  /** The template of `parseSignedContent`. */
  signedContent: string;
  /** When the request was signed: Unix seconds, Unix milliseconds or ISO 8601. */
  timestamp?: Place | undefined;
  /** How the secret's text stands for the key's bytes. */
  secretEncoding: 'utf8' | 'hex' | 'base64';
  /** Cut off the secret's text before it is decoded. */
  secretPrefix?: string | undefined;
}

const ofTheBody = { algorithm: 'sha256', encoding: 'hex', signedContent: '{body}', secretEncoding: 'utf8' } as const;

/**
 * The schemes of known senders, by the name that `verification.type` gives. The sources, and what of them is not the
 * vendor's own word, stand in docs/sources.md.
 */
export const PRESETS = {
  /** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
  standardWebhooks: {
    header: 'webhook-signature',
    separator: ' ',
    prefix: 'v1,',
    algorithm: 'sha256',
    encoding: 'base64',
    signedContent: '{header:webhook-id}.{timestamp}.{body}',
    timestamp: { header: 'webhook-timestamp' },
    secretEncoding: 'base64',
    secretPrefix: 'whsec_',
  },
  /** https://documentation.bamboohr.com/docs/webhooks#security */
  bambooHr: {
    ...ofTheBody,
    header: 'x-bamboohr-signature',
    signedContent: '{body}{timestamp}',
    timestamp: { header: 'x-bamboohr-timestamp' },
  },
  /** https://apidocs.hibob.com/reference/getting-started-webhooks */
  hiBob: { ...ofTheBody, header: 'bob-signature', algorithm: 'sha512', encoding: 'base64' },
  /** Not in Personio's documents; what several receivers in use check. */
  personio: { ...ofTheBody, header: 'x-personio-signature' },
  /** https://developer.deel.com/docs/webhooks-get-started */
  deel: { ...ofTheBody, header: 'x-deel-signature', signedContent: 'POST{body}' },
  /** https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries, and many who do the same. */
  gitHub: { ...ofTheBody, header: 'x-hub-signature-256', prefix: 'sha256=' },
} satisfies Record<string, HmacScheme>;

export type PresetName = keyof typeof PRESETS;

export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[];

/** The header that names an event, where it is part of what the sender signs. */
export const EVENT_ID_HEADERS: Partial<Record<string, string>> = { standardWebhooks: 'webhook-id' };
