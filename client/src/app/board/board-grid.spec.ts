import { ComponentFixture, TestBed } from '@angular/core/testing';
import axe from 'axe-core';
import { BoardGrid, CellActivation } from './board-grid';
import { Cell } from './board-types';

describe('BoardGrid', () => {
  let fixture: ComponentFixture<BoardGrid>;
  let activated: CellActivation[];
  let hovered: (Cell | null)[];

  beforeEach(async () => {
    fixture = TestBed.createComponent(BoardGrid);
    const inputs = {
      width: 4,
      height: 3,
      label: 'Battle board',
      labels: new Map([['1,1', 'B2, mud skitter, 12 of 35']]),
      groundLabels: new Map([['0,2', 'A3, blocked']]),
      view: { x: 10, y: 20, scale: 2 },
      startCell: [1, 1],
    };
    for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
    activated = [];
    hovered = [];
    fixture.componentInstance.cellActivated.subscribe((activation) => activated.push(activation));
    fixture.componentInstance.cellHovered.subscribe((cell) => hovered.push(cell));
    document.body.append(fixture.nativeElement);
    await fixture.whenStable();
  });

  afterEach(() => fixture.nativeElement.remove());

  const cell = (key: string): HTMLElement =>
    fixture.nativeElement.querySelector(`[data-cell="${key}"]`);

  async function press(key: string): Promise<KeyboardEvent> {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
    (document.activeElement ?? document.body).dispatchEvent(event);
    await fixture.whenStable();
    return event;
  }

  it('is a grid of rows of labelled cells', () => {
    const grid = fixture.nativeElement.querySelector('[role=grid]');
    expect(grid.getAttribute('aria-label')).toBe('Battle board');
    expect(grid.querySelectorAll('[role=row]').length).toBe(3);
    expect(grid.querySelectorAll('[role=gridcell]').length).toBe(12);
    expect(cell('1,1').getAttribute('aria-label')).toBe('B2, mud skitter, 12 of 35');
    expect(cell('0,2').getAttribute('aria-label')).toBe('A3, blocked');
    expect(cell('3,0').getAttribute('aria-label')).toBe('D1');
  });

  it('has no accessibility violation', async () => {
    // Colours cannot be computed without a layout.
    const rules = { 'color-contrast': { enabled: false }, region: { enabled: false } };
    const { violations } = await axe.run(fixture.nativeElement, { rules });
    expect(violations.map(({ id }) => id)).toEqual([]);
  });

  it('only one cell is in the tab order', () => {
    const tabbable = fixture.nativeElement.querySelectorAll('[tabindex="0"]');
    expect([...tabbable]).toEqual([cell('1,1')]);
  });

  it('arrow keys move the focus and the place in the tab order', async () => {
    cell('1,1').focus();
    await press('ArrowRight');
    await press('ArrowDown');
    expect(document.activeElement).toBe(cell('2,2'));
    expect(cell('2,2').tabIndex).toBe(0);
    expect(cell('1,1').tabIndex).toBe(-1);
  });

  it('the focus stays on the board', async () => {
    cell('1,1').focus();
    for (const key of ['End', 'ArrowRight', 'PageDown', 'ArrowDown']) await press(key);
    expect(document.activeElement).toBe(cell('3,2'));
    await press('Home');
    expect(document.activeElement).toBe(cell('0,2'));
  });

  it('Enter and Space activate the cell that has the focus', async () => {
    cell('1,1').focus();
    await press('ArrowUp');
    const enter = await press('Enter');
    await press(' ');
    expect(activated).toEqual([
      { cell: [1, 0], pointer: null },
      { cell: [1, 0], pointer: null },
    ]);
    expect(enter.defaultPrevented).toBe(true);
  });

  it('other keys are left to the page', async () => {
    cell('1,1').focus();
    expect((await press('i')).defaultPrevented).toBe(false);
  });

  it('a click activates the cell under the pointer and takes the focus along', async () => {
    const click = new MouseEvent('click', { bubbles: true, detail: 1 });
    cell('3,2').dispatchEvent(click);
    await fixture.whenStable();
    expect(activated).toEqual([{ cell: [3, 2], pointer: click }]);
    expect(cell('3,2').tabIndex).toBe(0);
  });

  it('leaves Enter and Space to the page where the pointer has led, until the keyboard goes on', async () => {
    cell('3,2').focus();
    cell('3,2').dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 }));
    activated.length = 0;
    expect((await press('Enter')).defaultPrevented).toBe(false);
    expect(activated).toEqual([]);
    await press('ArrowUp');
    expect((await press('Enter')).defaultPrevented).toBe(true);
    expect(activated).toEqual([{ cell: [3, 1], pointer: null }]);
  });

  it('tells which cell is under the pointer, and when none is', () => {
    cell('2,0').dispatchEvent(new PointerEvent('pointermove', { bubbles: true }));
    fixture.nativeElement.querySelector('[role=grid]').dispatchEvent(new Event('pointerleave'));
    expect(hovered).toEqual([[2, 0], null]);
  });

  it('follows the camera', () => {
    const layer: HTMLElement = fixture.nativeElement.querySelector('.layer');
    expect(layer.style.transform).toBe('translate(10px, 20px) scale(2)');
  });
});
