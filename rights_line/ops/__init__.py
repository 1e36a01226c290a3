"""Commands for the operator: doctor, purge at Twilio, answers to data requests.

They read the deployment that the environment describes and report or delete. The running line never
imports this package.
"""
