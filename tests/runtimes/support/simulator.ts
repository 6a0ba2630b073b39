// The simulator, with what people do there while a consumer waits.

import { Simulator as ConsumersSimulator, type Task } from "../../../scripts/environments/simulator.mjs";

export type { Task };

export class Simulator extends ConsumersSimulator {
  /** A person's sign-in at a gateway. */
  async accessToken(email: string): Promise<string> {
    return (await this.control("POST", "access/token", { email })).token;
  }

  /** An approver says no to the task's reset. */
  async rejectReset(task: Task): Promise<void> {
    const { approvals } = await this.control("GET", `approvals?userId=${task.userId}`);
    await this.control("POST", `approvals/${approvals[0]?.id}/reject`);
  }
}
