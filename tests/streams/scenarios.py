"""What happens in each example while its events are read: lists of steps, each of which commits or does not.

A scenario is a generator over a connection. What it yields are the names of phases: between two of them the
connector may be stopped, killed or started.
"""

import json
import uuid

import psycopg


def call(db, function, given, wanted="success"):
    row = db.execute(f"SELECT status, id FROM {function}(%s::jsonb)", [json.dumps(given)]).fetchone()
    assert row[0] == wanted, (function, given, row)
    return row[1] and str(row[1])


def undone(db, function, given):
    """A call whose transaction is rolled back, and one behind a savepoint that is."""
    db.execute("BEGIN")
    call(db, function, given)
    db.execute("ROLLBACK")


def blog(db):
    user = call(db, "blog.fn_register_user", {"name": "O'Neill", "email": "a@example.com", "role": "author"})
    first = call(db, "blog.fn_create_post", {"title": "Zoë's «first»", "slug": "first", "author": user})
    yield "before"
    second = call(db, "blog.fn_create_post", {"title": "b \\ \" \n c", "slug": "second", "author": user})
    call(db, "blog.fn_publish_post", {"id": first})
    undone(db, "blog.fn_publish_post", {"id": second})
    call(db, "blog.fn_publish_post", {"id": first}, "failed:not_a_draft")
    # Two transactions at once: the second to begin is the first to commit.
    db.execute("BEGIN")
    call(db, "blog.fn_update_post", {"id": first, "title": "late"})
    with psycopg.connect(db.info.dsn, autocommit=True) as other:
        for number in range(5):
            call(other, "blog.fn_update_post", {"id": second, "title": f"title {number}"})
    db.execute("COMMIT")
    yield "live"
    # Two events in one transaction, one of which is taken back.
    db.execute("BEGIN")
    call(db, "blog.fn_update_post", {"id": second, "title": "kept"})
    db.execute("SAVEPOINT s")
    call(db, "blog.fn_update_post", {"id": second, "title": "taken back"})
    db.execute("ROLLBACK TO s")
    call(db, "blog.fn_add_comment", {"body": "nice", "post": first, "author": user})
    db.execute("COMMIT")
    yield "down"
    call(db, "blog.fn_add_comment", {"body": "again", "post": first, "author": user})
    call(db, "blog.fn_delete_post", {"id": first})
    yield "again"


def shop(db):
    customer = call(db, "shop.fn_register_customer", {"name": "Jane", "email": "j@example.com"})
    products = [
        call(db, "shop.fn_add_product", {"name": it, "sku": it, "price": "2.50", "stock": 9}) for it in "AB"
    ]
    yield "before"
    items = [{"product_id": it, "quantity": 2} for it in products]
    order = call(db, "shop.fn_place_order", {"number": "1", "customer": customer, "items": items})
    too_many = [items[0], {"product_id": products[1], "quantity": 99}]
    call(
        db, "shop.fn_place_order", {"number": "2", "customer": customer, "items": too_many},
        "failed:out_of_stock",
    )
    yield "live"
    call(db, "shop.fn_pay_order", {"id": order})
    call(db, "shop.fn_place_order", {"number": "3", "customer": customer, "items": items})
    yield "down"
    call(db, "shop.fn_cancel_order", {"id": order})
    yield "again"


def saas(db):
    for tenant in (uuid.UUID(int=1, version=4), uuid.UUID(int=2, version=4)):
        db.execute("SELECT set_config('app.tenant_id', %s, false)", [str(tenant)])
        organization = call(
            db, "saas.fn_create_organization", {"name": "It's one", "settings": {"mixed": [1, "a", None, {}]}}
        )
    yield "before"
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    db.execute("SELECT set_config('app.traceparent', %s, false)", [trace])
    members = [
        call(
            db, "saas.fn_invite_member",
            {"name": it, "email": f"{it}@example.com", "organization": organization},
        )
        for it in ("a", "b")
    ]
    yield "live"
    call(db, "saas.fn_remove_member", {"id": members[0]})
    yield "down"
    call(db, "saas.fn_change_plan", {"id": organization, "plan": "team"})
    yield "again"


# The events after which a row is gone.
DELETIONS = {"PostDeleted", "MemberRemoved"}

ALL = {"blog": blog, "shop": shop, "saas": saas}
