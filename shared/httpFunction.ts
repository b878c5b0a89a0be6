import {
  type HttpMethod,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
  app,
} from '@azure/functions';
import { services } from './clients';
import { answering } from './http/answering';
import { type Access, judge } from './http/auth/access';
import { admit } from './http/auth/admit';
import { type Identify, makeIdentify } from './http/auth/identify';
import { SigningKeysUnavailableError } from './http/auth/signingKeys';
import type { Caller } from './http/caller';
import { readSettings } from './settings';
import './telemetry/flushAtEnd';
import { functionRun } from './telemetry/functionRun';

interface Route {
  methods: HttpMethod[];
  route: string;
}

interface AdmittedRoute extends Route {
  /** Who may call: one of shared/http/auth/access.ts. */
  access: Access;
  handler: (request: HttpRequest, caller: Caller, context: InvocationContext) => Promise<HttpResponseInit>;
}

/**
 * Registers an HTTP function that only those may call whom `access` names; its handler is told who did. With AUTH=keys
 * the host asks for the function key; with AUTH=entra the host asks for nothing and the bearer token is checked here.
 */
export function httpFunction(name: string, { methods, route, access, handler }: AdmittedRoute): void {
  app.http(name, {
    methods,
    route,
    authLevel: authLevel(),
    handler: functionRun(
      answering(async (request, context) => {
        const admitted = await admit({ identify: await identify(), ownerOf }, request, access);
        return admitted.ok ? handler(request, admitted.caller, context) : admitted.answer;
      }),
    ),
  });
}

interface OpenRoute extends Route {
  handler: (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>;
}

/** Registers an HTTP function that anybody may call: one that tells nothing, or that has a proof of its own to check. */
export function openHttpFunction(name: string, { methods, route, handler }: OpenRoute): void {
  app.http(name, { methods, route, authLevel: 'anonymous', handler: functionRun(answering(handler)) });
}

/** For open functions that tell some callers more. Never throws for a token: one that can't be checked opens nothing. */
export async function mayCall(request: HttpRequest, access: Access): Promise<boolean> {
  try {
    const identified = await (await identify())(request);
    return identified.type === 'known' && judge(identified.caller, access) === 'granted';
  } catch (error) {
    if (error instanceof SigningKeysUnavailableError) return false;
    throw error;
  }
}

/**
 * Read as the files load, when a throw would leave an app without functions. Whatever is not exactly `entra` is closed
 * with a key, and each request to a wrong configuration is answered 503.
 */
const authLevel = () => (process.env['AUTH'] === 'entra' ? 'anonymous' : 'function');

let made: Promise<Identify> | undefined;

/** Needs no tables, so whoever may not call is told so while they are away. Throws `SettingsError`. */
const identify = (): Promise<Identify> => (made ??= makeIdentify(readSettings(process.env)));

async function ownerOf(invitationId: string): Promise<string | undefined> {
  const { invitations } = await services();
  return (await invitations.read(invitationId))?.invitation.caller;
}
