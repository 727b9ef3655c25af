/** Text templates in their new and their legacy form. */
import { Reply } from '../api';
import { type Context, type PublicHandlers } from '../context';
import { ApiError, invalid, notFound } from '../errors';
import { type Template } from '../world';

export const templateHandlers = {
	'GET /templates': (_call, context) => {
		const templates = newestFirst(context).map((template) => context.views.template(template));
		return { templates_count: templates.length, templates };
	},
	'GET /v2/templates': (_call, context) => {
		const templates = newestFirst(context).map((template) => context.views.templateV2(template));
		return { templates_count: templates.length, templates };
	},
	'POST /templates': ({ body }, context) => {
		const team = body.team_title ?? null;
		checkTeam(team, context);
		return context.views.template(context.world.addTemplate({ name: body.name, text: body.text, visibility: body.visibility ?? 'public', team }));
	},
	'GET /templates/{template_id}': ({ params }, context) => context.views.template(templateOf(Number(params.template_id), context)),
	'PATCH /templates/{template_id}': ({ params, body }, context) => {
		const { world, views } = context;
		const template = templateOf(Number(params.template_id), context);
		if (!template.editable) throw new ApiError('permission_denied', 'You are not allowed to edit this template');
		const { name = template.name, text = template.text, visibility = template.visibility, team_title: team = template.team } = body;
		checkTeam(team, context);
		Object.assign(template, { name, text, visibility, team, updatedBy: world.me, updatedAt: world.clock.now() });
		return views.template(template);
	},
	'DELETE /templates/{template_id}': ({ params }, context) => {
		const template = templateOf(Number(params.template_id), context);
		if (!template.deletable) throw new ApiError('permission_denied', 'You are not allowed to delete this template');
		context.world.templates.delete(template.id);
		return new Reply({ status: 200 });
	},
	'POST /templates/{template_id}/track_usage': ({ params, body }, context) => {
		use(Number(params.template_id), body.origin, context);
		return new Reply({ status: 200 });
	},
	// The one answer of the API without the envelope.
	'POST /v2/templates': ({ body }, context) => {
		use(body.template_id, body.origin, context);
		return new Reply({ status: 200, body: { success: true } });
	},
} satisfies Partial<PublicHandlers>;

function newestFirst({ world }: Context): Template[] {
	return [...world.templates.values()].sort((a, b) => b.updatedAt - a.updatedAt || b.id - a.id);
}

function templateOf(id: number, { world }: Context): Template {
	const template = world.templates.get(id);
	if (!template) throw notFound('Template');
	return template;
}

function checkTeam(team: string | null, { world }: Context): void {
	if (team !== null && !world.teams.includes(team)) throw invalid(`Team "${team}" not found`);
}

function use(id: number, origin: string | undefined, context: Context): void {
	const template = templateOf(id, context);
	if (!template.usable) throw new ApiError('permission_denied', 'You are not allowed to use this template');
	template.uses.push({ origin, at: context.world.clock.now() });
}
