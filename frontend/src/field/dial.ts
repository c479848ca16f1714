// The hand that shows where a camera looks: turned by a finger, by arrow keys, or set from the compass.
export function dial(hand: HTMLElement, around: HTMLElement, turned: (deg: number) => void): (deg: number | null) => void {
  let at = 0;
  const show = (deg: number | null): void => {
    hand.dataset.set = deg === null ? "" : "1";
    if (deg === null) return;
    at = ((Math.round(deg) % 360) + 360) % 360;
    hand.style.setProperty("rotate", `${at}deg`);
    hand.setAttribute("aria-valuenow", String(at));
  };
  const turn = (deg: number): void => {
    show(deg);
    turned(at);
  };
  hand.addEventListener("pointerdown", (event) => {
    hand.setPointerCapture(event.pointerId);
    event.preventDefault();
    event.stopPropagation();
  });
  hand.addEventListener("pointermove", (event) => {
    if (!hand.hasPointerCapture(event.pointerId)) return;
    const { left, top, width, height } = around.getBoundingClientRect();
    const [east, south] = [event.clientX - left - width / 2, event.clientY - top - height / 2];
    if (Math.hypot(east, south) > 8) turn((Math.atan2(east, -south) * 180) / Math.PI);
  });
  hand.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 1 : 5;
    const by: Record<string, number> = { ArrowRight: step, ArrowUp: step, ArrowLeft: -step, ArrowDown: -step, PageUp: 45, PageDown: -45 };
    const added = by[event.key];
    if (added === undefined) return;
    event.preventDefault();
    turn(at + added);
  });
  return show;
}
