const { default: adapter } = await import(process.env.ADAPTER);

export default { kit: { adapter: adapter() } };
