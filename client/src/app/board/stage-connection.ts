import {
  DestroyRef,
  ElementRef,
  Signal,
  afterNextRender,
  effect,
  inject,
  signal,
} from '@angular/core';
import { Insets } from './board-types';
import { project } from './projection';
import { BoardView, StageLoader } from './stage';

export interface StageConnection<S> {
  /** Null until the painter is there, and for ever where it cannot work. */
  readonly stage: Signal<S | null>;
  readonly view: Signal<BoardView>;
  /** No painter: the grid has to show itself. */
  readonly isPlain: Signal<boolean>;
}

interface Closable {
  setInsets(insets: Insets): void;
  destroy(): void;
}

/** Open the stage in the element once it is rendered, and close it with the component. */
export function connectStage<S extends Closable>(
  load: StageLoader<S>,
  picture: Signal<ElementRef<HTMLElement>>,
  insets: Signal<Insets>,
): StageConnection<S> {
  const stage = signal<S | null>(null);
  const isPlain = signal(false);
  const view = signal<BoardView>({ x: project(0, -12).x, y: 60, scale: 1 });
  let isDestroyed = false;
  inject(DestroyRef).onDestroy(() => {
    isDestroyed = true;
    stage()?.destroy();
  });
  afterNextRender(() => {
    const host = {
      element: picture().nativeElement,
      viewChanged: (next: BoardView) => view.set(next),
      prefersReducedMotion: prefersReducedMotion(),
    };
    load(host).then(
      (opened) => (isDestroyed ? opened.destroy() : stage.set(opened)),
      (error: unknown) => {
        console.warn('The board cannot be painted here; the plain grid takes over.', error);
        isPlain.set(true);
      },
    );
  });
  effect(() => stage()?.setInsets(insets()));
  return { stage, view, isPlain };
}

function prefersReducedMotion(): boolean {
  return globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? false;
}
