"""The operations that `linkweave copy` sends."""

from typing import Final

PLAN: Final = """
mutation PlanCopy($input: PlanCopyInput!) {
  planCopy(input: $input) {
    plan { id calls seconds notices counts { state links } }
    errors { code message }
  }
}
"""

PLAN_ROWS: Final = """
query PlanRows($id: ID!, $after: String) {
  node(id: $id) {
    ... on CopyPlan {
      rows(first: 100, after: $after) {
        nodes { source state reason lostFields target { slug domain destination } }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
}
"""

START: Final = """
mutation StartCopy($input: StartCopyInput!) {
  startCopy(input: $input) {
    job { id state done failed total error }
    errors { code message }
  }
}
"""

RESUME: Final = """
mutation ResumeJob($id: ID!) {
  resumeJob(job: $id) {
    job { id state done failed total error }
    errors { code message }
  }
}
"""

JOB: Final = """
query Job($id: ID!) {
  node(id: $id) { ... on Job { id state done failed total error } }
}
"""

JOB_ROWS: Final = """
query JobRows($id: ID!, $after: String) {
  node(id: $id) {
    ... on Job {
      rows(first: 100, after: $after) {
        nodes { source state shortUrl error }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
}
"""
