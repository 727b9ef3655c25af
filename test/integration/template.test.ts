/** The operations on text templates, in real n8n against the sandbox. */
import { by, byId, explainsRefusals, jsonOf, onlyRequest, refusesBeforeAnyRequest, run, search, useSandbox } from './kit';

const sandbox = useSandbox();

const missing = { templateId: byId(4711) };

describe('template', () => {
	it('creates one for all teams by default, and for one team where that is set', async () => {
		const [json] = jsonOf(await run(sandbox(), 'template.create', { name: 'Greeting', text: 'Hello 👋' }));
		await run(sandbox(), 'template.create', {
			name: 'Hours',
			text: 'Monday to Friday',
			options: { visibility: 'read-only', shareWith: 'team', teamTitle: by('title', 'Sales') },
		});

		expect(json).toEqual({
			templateId: 501,
			name: 'Greeting',
			text: 'Hello 👋',
			visibility: 'public',
			team: null,
			createdBy: 'Kate Smith',
			createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
			updatedBy: 'Kate Smith',
			updatedAt: expect.any(String),
		});
		expect(sandbox().requests.map(({ body }) => body)).toEqual([
			{ name: 'Greeting', text: 'Hello 👋' },
			{ name: 'Hours', text: 'Monday to Friday', visibility: 'read-only', team_title: 'Sales' },
		]);
	});

	it.each([
		['the name alone', { name: 'Hi' }, { name: 'Hi' }],
		['text and visibility', { text: 'Hi!', visibility: 'private' }, { text: 'Hi!', visibility: 'private' }],
		['all teams', { shareWith: 'allTeams' }, { team_title: null }],
		['one team', { shareWith: 'team', teamTitle: by('list', 'Sales') }, { team_title: 'Sales' }],
	])('updates %s and sends nothing else', async (_, updateFields, body) => {
		const template = sandbox().world.addTemplate({ team: 'Default' });

		jsonOf(await run(sandbox(), 'template.update', { templateId: byId(template.id), updateFields }));

		expect(onlyRequest(sandbox(), 'PATCH /templates/{template_id}').body).toEqual(body);
	});

	it('gives one, and lists all with the last changed first', async () => {
		const { world } = sandbox();
		const old = world.addTemplate({ name: 'Old', updatedAt: 0 });
		const young = world.addTemplate({ name: 'Young', team: 'Sales' });

		const [one] = jsonOf(await run(sandbox(), 'template.get', { templateId: byId(young.id) }));
		const all = jsonOf(await run(sandbox(), 'template.getAll', { returnAll: true }));
		const first = jsonOf(await run(sandbox(), 'template.getAll', { limit: 1 }));

		expect(one).toMatchObject({ templateId: young.id, name: 'Young', team: 'Sales' });
		expect(all.map(({ templateId }) => templateId)).toEqual([young.id, old.id]);
		expect(first).toHaveLength(1);
	});

	it('gives rights and attachments in the older form of the list', async () => {
		const { world } = sandbox();
		world.addTemplate({ updatedAt: Date.UTC(2026, 6, 17, 6), deletable: false, attachment: world.addFile({ filename: 'brochure.pdf' }) });

		const [json] = jsonOf(await run(sandbox(), 'template.getAll', { options: { includeRights: true } }));

		expect(json).toEqual({
			templateId: 501,
			name: 'Greeting',
			text: 'Hello, how can we help?',
			visibility: 'public',
			canBeEdited: true,
			canBeDeleted: false,
			attachmentFilename: 'brochure.pdf',
			createdBy: 'Kate Smith',
			updatedBy: 'Kate Smith',
			updatedAt: '2026-07-17T09:00',
		});
		onlyRequest(sandbox(), 'GET /v2/templates');
	});

	it('deletes one', async () => {
		const { id } = sandbox().world.addTemplate();

		expect(jsonOf(await run(sandbox(), 'template.delete', { templateId: byId(id) }))).toEqual([{ templateId: id, deleted: true }]);
		expect(sandbox().world.templates.size).toBe(0);
	});

	it('counts a use once, where it was used too', async () => {
		const template = sandbox().world.addTemplate();

		jsonOf(await run(sandbox(), 'template.trackUsage', { templateId: byId(template.id) }));
		const [json] = jsonOf(await run(sandbox(), 'template.trackUsage', { templateId: byId(template.id), options: { origin: 'Chat View' } }));

		expect(json).toEqual({ templateId: template.id, tracked: true });
		expect(template.uses.map(({ origin }) => origin)).toEqual([undefined, 'Chat View']);
	});

	it('does not count a use twice when the answer is lost', async () => {
		const template = sandbox().world.addTemplate();
		sandbox().faults.add({ kind: 'resetAfter', match: 'POST /templates/{template_id}/track_usage' });

		const { error } = await run(sandbox(), 'template.trackUsage', { templateId: byId(template.id) });

		expect(error?.context).toMatchObject({ outcome: 'unknown' });
		expect(template.uses).toHaveLength(1);
	});

	it('says so when the teammate may not change or use it', async () => {
		const { id } = sandbox().world.addTemplate({ editable: false, deletable: false, usable: false });
		const operations = [['template.update', { updateFields: { name: 'x' } }], ['template.delete', {}], ['template.trackUsage', {}]] as const;

		for (const [operation, parameters] of operations) {
			const { error } = await run(sandbox(), operation, { templateId: byId(id), ...parameters });
			expect(error).toMatchObject({ httpCode: '403', message: expect.stringContaining('You are not allowed to') });
		}
	});

	it('is found in the list of the editor', async () => {
		sandbox().world.addTemplate({ name: 'Greeting', team: 'Sales' });

		expect((await search(sandbox(), 'searchTemplates', 'greet')).results).toEqual([{ name: 'Greeting (Sales)', value: '501' }]);
	});

	explainsRefusals(sandbox, [
		['template.get', 'GET /templates/{template_id}', missing],
		['template.update', 'PATCH /templates/{template_id}', { ...missing, updateFields: { name: 'x' } }],
		['template.delete', 'DELETE /templates/{template_id}', missing],
		['template.trackUsage', 'POST /templates/{template_id}/track_usage', missing],
		['template.create', 'POST /templates', { name: 'x', text: 'y' }],
		['template.getAll', 'GET /templates'],
	]);

	refusesBeforeAnyRequest(sandbox, [
		['template.create', { name: 'x', text: '={{ $json.nothing }}' }, '“Text” is empty'],
		['template.create', { name: 'x'.repeat(161), text: 'y' }, '“Name” has 161 characters; at most 160 are allowed'],
		['template.create', { name: 'x', text: 'y'.repeat(4097) }, '“Text” has 4097 characters; at most 4096 are allowed'],
		['template.create', { name: 'x', text: 'y', options: { shareWith: 'team' } }, 'No team is chosen'],
		['template.update', missing, 'Nothing to update'],
		['template.update', { ...missing, updateFields: { name: '' } }, 'Nothing to update'],
		['template.get', { templateId: byId('Greeting') }, '“Greeting” is not a valid template ID: it must be a whole number'],
		['template.delete', { templateId: byId('={{ $json.nothing }}') }, 'No template is chosen'],
	]);
});
