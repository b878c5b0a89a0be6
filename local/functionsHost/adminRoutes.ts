import type { AdminRoutes } from './httpServer';
import type { Timer } from './timerTrigger';

/**
 * The part of the real host's admin API that a developer needs.
 *
 * `POST /admin/functions/{name}` runs a timer (202, not waiting for it); `GET /admin/host/status` tells that the host runs.
 */
export function makeAdminRoutes(timers: Timer[], functionNames: string[]): AdminRoutes {
  return (method, [, area, name = '', ...rest]) => {
    if (rest.length > 0) return { status: 404 };
    if (method === 'GET' && area === 'host' && name === 'status') {
      return { status: 200, json: { state: 'Running', functionCount: functionNames.length } };
    }
    if (method !== 'POST' || area !== 'functions') return { status: 404 };
    const isName = (candidate: string) => candidate.toLowerCase() === name.toLowerCase();
    const timer = timers.find((candidate) => isName(candidate.name));
    if (!timer) {
      return functionNames.some(isName)
        ? { status: 400, json: { message: `${name} is no timer: the local host fires timers only.` } }
        : { status: 404 };
    }
    // The function's failure is logged where it is run; the caller has its answer already.
    timer.fire().catch(() => undefined);
    return { status: 202 };
  };
}
