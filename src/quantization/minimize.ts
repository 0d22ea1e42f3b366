const golden = (Math.sqrt(5) - 1) / 2;

/**
 * Returns where a function is least, near the least of given places in ascending order: they are compared, and between
 * the neighbours of the best the interval is narrowed by the golden section. Never worse than all of the places.
 */
export function minimize(loss: (x: number) => number, places: readonly number[]): number {
  const losses = places.map(loss);
  let best = 0;
  for (let i = 1; i < losses.length; i++) if ((losses[i] as number) < (losses[best] as number)) best = i;
  let low = places[Math.max(best - 1, 0)] as number;
  let high = places[Math.min(best + 1, places.length - 1)] as number;
  let [left, right] = [high - golden * (high - low), low + golden * (high - low)];
  let [atLeft, atRight] = [loss(left), loss(right)];
  // 45 times leave 4e-10 of the interval: a minimum is flat, no more digits show in the loss.
  for (let i = 0; i < 45; i++) {
    if (atLeft <= atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - golden * (high - low);
      atLeft = loss(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + golden * (high - low);
      atRight = loss(right);
    }
  }
  const [found, least] = atLeft <= atRight ? [left, atLeft] : [right, atRight];
  return least < (losses[best] as number) ? found : (places[best] as number);
}
