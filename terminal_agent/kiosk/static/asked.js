// What the page asks of the agent, through its server.
import { word } from "/static/page.js";

// The answer to one of the keypad's forms; who is away says so in the same way.
export async function asked(form, values) {
  try {
    const answer = await fetch(`/${form}?lang=${document.documentElement.lang}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(values),
    });
    return await answer.json();
  } catch (problem) {
    if (!(problem instanceof TypeError || problem instanceof SyntaxError)) throw problem;
    return { ok: false, line: word("away_say"), code: "", days: [] };
  }
}
