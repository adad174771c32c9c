import { Injectable, LOCALE_ID, inject } from '@angular/core';
import {
  ShardList,
  ShardSummary,
  TransferList,
  TransferPlan,
  TransferSummary,
} from '../protocol/generated';
import { Rest } from '../rest/rest';

/** The shards of the realm, and what moves between them. */
@Injectable({ providedIn: 'root' })
export class Realm {
  private readonly rest = inject(Rest);
  private readonly language = inject(LOCALE_ID);

  shards(): Promise<ShardList> {
    return this.rest.get<ShardList>('/api/v1/shards');
  }

  async transfers(): Promise<readonly TransferSummary[]> {
    return (await this.rest.get<TransferList>('/api/v1/transfers')).transfers;
  }

  plan(character: number): Promise<TransferPlan> {
    return this.rest.get<TransferPlan>(`/api/v1/characters/${character}/transfer`);
  }

  send(character: number, to: string): Promise<TransferSummary> {
    return this.rest.post<TransferSummary>(`/api/v1/characters/${character}/transfer`, { to });
  }

  callBack(transfer: string): Promise<TransferSummary> {
    return this.rest.delete<TransferSummary>(`/api/v1/transfers/${transfer}`);
  }

  /** The characters page of another shard, in the same language; nothing where nobody said where it is. */
  addressOf(shard: ShardSummary): string | null {
    return shard.address ? `${shard.address}/${this.language}/characters` : null;
  }
}
