import { TestBed } from '@angular/core/testing';
import { InviteForm } from './invite-form';

async function asking(isAccepted: boolean) {
  const asked: string[] = [];
  const fixture = TestBed.createComponent(InviteForm);
  fixture.componentRef.setInput('into', 'guild');
  fixture.componentRef.setInput('ask', (name: string) => {
    asked.push(name);
    return Promise.resolve(isAccepted);
  });
  await fixture.whenStable();
  const host = fixture.nativeElement as HTMLElement;
  const field = host.querySelector<HTMLInputElement>('[data-testid=guild-invite-name]');
  if (!field) throw new Error('there is no field');
  const send = async (text: string): Promise<void> => {
    field.value = text;
    field.dispatchEvent(new Event('input'));
    await fixture.whenStable();
    host.querySelector('form')?.dispatchEvent(new Event('submit'));
    for (let turn = 0; turn < 3; turn++) await fixture.whenStable();
  };
  return { field, send, asked };
}

describe('asking somebody in', () => {
  it('empties the field when the other is asked', async () => {
    const { field, send, asked } = await asking(true);
    await send('  Brine ');
    expect([asked, field.value]).toEqual([['Brine'], '']);
  });

  it('keeps the name when that is refused, and asks nobody without one', async () => {
    const { field, send, asked } = await asking(false);
    await send('   ');
    await send('Brime');
    expect([asked, field.value]).toEqual([['Brime'], 'Brime']);
  });
});
