-- What is in none of these lists is the owner's: above all maintenance.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA app FROM specql_application, specql_auditor, specql_cdc, specql_consumer;
