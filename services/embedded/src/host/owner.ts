import type { ServiceDefinition } from '@ballast/platform';

/**
 * The one of some services that answers a request, by the paths that their wiring lists claim: the longest beginning of
 * `url` counts, and of two that are as long the one that names the method. Undefined where nobody claims it.
 */
export function ownerOf<S extends Pick<ServiceDefinition, 'paths'>>(
  services: readonly S[],
  method: string,
  url: string,
): S | undefined {
  const segments = url.split('?')[0]!.split('/');
  const claims = services.flatMap((service) =>
    (service.paths ?? []).flatMap((claim) => {
      const [path, only] = claim.split(' ').reverse() as [string, string?];
      const owned = path.split('/');
      const begins = owned.every((each, i) => each === segments[i] || (each.startsWith(':') && i < segments.length));
      const named = only !== undefined;
      return begins && (!named || only === method) ? [{ service, length: owned.length, named: Number(named) }] : [];
    }),
  );
  claims.sort((a, b) => b.length - a.length || b.named - a.named);
  return claims[0]?.service;
}
