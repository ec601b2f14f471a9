"""An S3-compatible server on a free port of this machine, with one bucket and one account that may do all there.

It prints its port, the access key and the secret, and ends when its standard input does: with whoever started it.
"""

import json
import os
import sys

os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "0"  # every request is looked at: who signed it, and whether they may

from moto.iam.models import iam_backends
from moto.s3.models import s3_backends
from moto.server import ThreadedMotoServer

ACCOUNT, EVERYWHERE, REGION = "123456789012", "aws", "us-east-1"
ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


def main(bucket: str) -> None:
    """Serve until nobody listens any more."""
    people = iam_backends[ACCOUNT][EVERYWHERE]
    people.create_user(REGION, bucket)
    people.put_user_policy(bucket, "all", json.dumps(ALL))
    by = people.create_access_key(bucket)
    s3_backends[ACCOUNT][EVERYWHERE].create_bucket(bucket, REGION)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    print(server.get_host_and_port()[1], by.access_key_id, by.secret_access_key, flush=True)  # noqa: T201
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
