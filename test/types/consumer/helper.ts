// A relative import of a notebook beside the package's own.
import { claims } from "lowbit";

export function evaluateClaimOf(claim: claims.Claim): boolean {
  return claims.evaluateClaim(claim).ok;
}
