/** The parts of an AMQP message that the stand-in reads or writes; the others are kept as they came. */
export interface AmqpMessage {
  body?: unknown;
  message_id?: string | number | Buffer;
  correlation_id?: string | number | Buffer;
  reply_to?: string;
  /** Time to live in milliseconds. */
  ttl?: number;
  delivery_count?: number;
  message_annotations?: Record<string, unknown>;
  application_properties?: Record<string, unknown>;
}
