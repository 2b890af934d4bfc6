-- Brings a server to the point where each service can log in: a role a service that owns a schema of its name and
-- may do nothing else. The same as provisionDatabase() in libs/platform/src/postgres/provision.ts, for servers where
-- the services may not do it themselves. Safe to run again; running it with other passwords changes them.
--
-- Run it in the database of the system, as a superuser. Passwords come from the environment, so that
-- no command line shows them:
--   psql "$ADMIN_URL" -v ON_ERROR_STOP=1 -f deploy/postgres/provision.sql
-- Needs psql 15 or newer (\getenv) and Postgres 15 or newer.

\set ON_ERROR_STOP on

\getenv orchestrator_password POSTGRES_PASSWORD_ORCHESTRATOR
\getenv feeds_password POSTGRES_PASSWORD_FEEDS
\getenv signal_password POSTGRES_PASSWORD_SIGNAL
\getenv policy_analyst_password POSTGRES_PASSWORD_POLICY_ANALYST
\getenv allocator_password POSTGRES_PASSWORD_ALLOCATOR
\getenv tax_password POSTGRES_PASSWORD_TAX
\getenv risk_guardrails_password POSTGRES_PASSWORD_RISK_GUARDRAILS
\getenv execution_gateway_password POSTGRES_PASSWORD_EXECUTION_GATEWAY
\getenv portfolio_password POSTGRES_PASSWORD_PORTFOLIO
\getenv console_password POSTGRES_PASSWORD_CONSOLE
\getenv paper_broker_password POSTGRES_PASSWORD_PAPER_BROKER

-- A variable that is not set is a syntax error here, before anything was changed.
select '' not in (:'orchestrator_password', :'feeds_password', :'signal_password', :'policy_analyst_password', :'allocator_password', :'tax_password', :'risk_guardrails_password', :'execution_gateway_password', :'portfolio_password', :'console_password', :'paper_broker_password') as complete \gset
\if :complete
\else
  \warn 'a password is empty; set every POSTGRES_PASSWORD_<SERVICE>'
  select 'a password is empty'::int;
\endif

begin;

select current_database() as database \gset
-- Nobody makes anything outside the schemas below, and nobody else may log in.
revoke all on schema public from public;
revoke connect, temporary on database :"database" from public;

select not exists (select from pg_roles where rolname = 'orchestrator') as is_new \gset
\if :is_new
  create role orchestrator;
\endif
alter role orchestrator login noinherit nosuperuser nocreatedb nocreaterole password :'orchestrator_password';
grant connect on database :"database" to orchestrator;
create schema if not exists orchestrator authorization orchestrator;

select not exists (select from pg_roles where rolname = 'feeds') as is_new \gset
\if :is_new
  create role feeds;
\endif
alter role feeds login noinherit nosuperuser nocreatedb nocreaterole password :'feeds_password';
grant connect on database :"database" to feeds;
create schema if not exists feeds authorization feeds;

select not exists (select from pg_roles where rolname = 'signal') as is_new \gset
\if :is_new
  create role signal;
\endif
alter role signal login noinherit nosuperuser nocreatedb nocreaterole password :'signal_password';
grant connect on database :"database" to signal;
create schema if not exists signal authorization signal;

select not exists (select from pg_roles where rolname = 'policy_analyst') as is_new \gset
\if :is_new
  create role policy_analyst;
\endif
alter role policy_analyst login noinherit nosuperuser nocreatedb nocreaterole password :'policy_analyst_password';
grant connect on database :"database" to policy_analyst;
create schema if not exists policy_analyst authorization policy_analyst;

select not exists (select from pg_roles where rolname = 'allocator') as is_new \gset
\if :is_new
  create role allocator;
\endif
alter role allocator login noinherit nosuperuser nocreatedb nocreaterole password :'allocator_password';
grant connect on database :"database" to allocator;
create schema if not exists allocator authorization allocator;

select not exists (select from pg_roles where rolname = 'tax') as is_new \gset
\if :is_new
  create role tax;
\endif
alter role tax login noinherit nosuperuser nocreatedb nocreaterole password :'tax_password';
grant connect on database :"database" to tax;
create schema if not exists tax authorization tax;

select not exists (select from pg_roles where rolname = 'risk_guardrails') as is_new \gset
\if :is_new
  create role risk_guardrails;
\endif
alter role risk_guardrails login noinherit nosuperuser nocreatedb nocreaterole password :'risk_guardrails_password';
grant connect on database :"database" to risk_guardrails;
create schema if not exists risk_guardrails authorization risk_guardrails;

select not exists (select from pg_roles where rolname = 'execution_gateway') as is_new \gset
\if :is_new
  create role execution_gateway;
\endif
alter role execution_gateway login noinherit nosuperuser nocreatedb nocreaterole password :'execution_gateway_password';
grant connect on database :"database" to execution_gateway;
create schema if not exists execution_gateway authorization execution_gateway;

select not exists (select from pg_roles where rolname = 'portfolio') as is_new \gset
\if :is_new
  create role portfolio;
\endif
alter role portfolio login noinherit nosuperuser nocreatedb nocreaterole password :'portfolio_password';
grant connect on database :"database" to portfolio;
create schema if not exists portfolio authorization portfolio;

select not exists (select from pg_roles where rolname = 'console') as is_new \gset
\if :is_new
  create role console;
\endif
alter role console login noinherit nosuperuser nocreatedb nocreaterole password :'console_password';
grant connect on database :"database" to console;
create schema if not exists console authorization console;

select not exists (select from pg_roles where rolname = 'paper_broker') as is_new \gset
\if :is_new
  create role paper_broker;
\endif
alter role paper_broker login noinherit nosuperuser nocreatedb nocreaterole password :'paper_broker_password';
grant connect on database :"database" to paper_broker;
create schema if not exists paper_broker authorization paper_broker;

commit;
